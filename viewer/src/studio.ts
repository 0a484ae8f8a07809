// The photo studio around the avatar: lights, and the surroundings that skin and eyes reflect.
import {
  BackSide,
  BoxGeometry,
  Color,
  DirectionalLight,
  Group,
  HemisphereLight,
  Mesh,
  MeshBasicMaterial,
  PMREMGenerator,
  PlaneGeometry,
  Scene,
  type Texture,
  type WebGLRenderer,
} from "three";

/** Without a graphics processor, reflections and fine shadows are too slow: a plain sky light stands in. */
export type Quality = "full" | "light";

export const ENVIRONMENT_INTENSITY = 0.48;

function panel(width: number, height: number, brightness: number, tint: string, from: [number, number, number]): Mesh {
  const material = new MeshBasicMaterial({ color: new Color(tint).multiplyScalar(brightness) });
  const mesh = new Mesh(new PlaneGeometry(width, height), material);
  mesh.position.set(...from);
  mesh.lookAt(0, 0, 0);
  return mesh;
}

/** A grey room with a large softbox (the light in the eyes), a fill panel and two strips behind. */
export function surroundings(renderer: WebGLRenderer): Texture {
  const room = new Scene();
  const walls = ["#6b6f76", "#6b6f76", "#9a9ea6", "#3a3633", "#565a61", "#565a61"];
  room.add(new Mesh(new BoxGeometry(12, 9, 12), walls.map((color) => new MeshBasicMaterial({ color, side: BackSide }))));
  room.add(
    panel(1.7, 1.7, 15, "#fff3e4", [-3.1, 3.2, 4.6]),
    panel(1.6, 3.6, 1.7, "#dfe9ff", [4.8, 0.6, 2.4]),
    panel(1, 5, 6, "#e8f0ff", [4.4, 1.5, -4.2]),
    panel(1, 5, 4, "#fff0e0", [-4.6, 1.2, -4]),
  );
  const generator = new PMREMGenerator(renderer);
  const texture = generator.fromScene(room, 0.015).texture;
  generator.dispose();
  room.traverse((node) => {
    if (node instanceof Mesh) (node.geometry as BoxGeometry).dispose();
  });
  return texture;
}

function lamp(color: string, intensity: number, from: [number, number, number]): DirectionalLight {
  const light = new DirectionalLight(color, intensity);
  light.position.set(...from);
  return light;
}

/** Key, fill and two rims, aimed at the face; `scale` is the avatar's size relative to a person. */
export function lights(scale: number, quality: Quality): Group {
  const group = new Group();
  const key = lamp("#fff6ec", 1.9, [-0.6, 0.7, 1]);
  key.castShadow = true;
  key.shadow.mapSize.setScalar(quality === "full" ? 2048 : 512);
  key.shadow.radius = 5;
  key.shadow.intensity = 0.75;
  key.shadow.normalBias = 0.0015;
  key.shadow.bias = -0.0002;
  Object.assign(key.shadow.camera, { left: -0.24, right: 0.24, top: 0.24, bottom: -0.28, near: 0.3, far: 2.4 });
  const fill = lamp("#dfe9ff", 0.4, [0.9, 0.1, 0.9]);
  const rim = lamp("#e6efff", 1.7, [0.62, 0.6, -1.25]);
  const back = lamp("#fff0e2", 1.1, [-0.7, 0.45, -1.2]);
  for (const light of [key, fill, rim, back]) group.add(light, light.target);
  if (quality === "light") group.add(new HemisphereLight("#e8ebf0", "#6a625c", 0.75));
  group.scale.setScalar(scale);
  return group;
}

// The stage: draws the avatar, keeps the camera on its face.
import {
  ACESFilmicToneMapping,
  AdditiveBlending,
  Box3,
  type Group,
  type Material,
  Mesh,
  MeshStandardMaterial,
  PCFShadowMap,
  PerspectiveCamera,
  Plane,
  Raycaster,
  Scene,
  Vector2,
  Vector3,
  WebGLRenderer,
} from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { type GLTF, GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { directionOf, yawPitchOf } from "./angles";
import type { AvatarData, RigData } from "./payload";
import { Rig } from "./rig";
import { softenSkin } from "./skin";
import { ENVIRONMENT_INTENSITY, lights, type Quality, surroundings } from "./studio";
import { converged, type Pose } from "./take";

/** The partner's distance of generated motion: from here the avatar looks at the viewer. */
const VIEWING_DISTANCE_M = 1;
const VIEW_HEIGHT_M = 0.36;
const VIEW_WIDTH_M = 0.26;
const BELOW_EYES_M = 0.024;
const MEAN_EYE_DISTANCE_M = 0.063;
/** Eyes turn in no further than for this distance, however close the camera comes. */
const NEAREST_LOOK_M = 0.5;
/** Assumed of a character whose eyes cannot be found: the file is a head. */
const HEAD_HEIGHT_M = 0.3;
/** How much brighter the softbox shows in the eyes than it lights the rest. */
const CATCH_LIGHT = 1.8;
/** Narrow pictures keep the title clear of the head. */
const NARROW_PX = 720;
const TITLE_PX = 44;
const SLOW_FRAME_MS = 34;
/** A click means the place on a pane of glass so far before the eyes: the face itself is where the viewer is. */
const PANE_M = 0.33;

export interface StageOptions {
  azimuth_deg: number;
  elevation_deg: number;
  closeness: number;
  still: boolean;
  bare: boolean;
  /** Chosen by the machine where the address does not say. */
  quality: Quality | undefined;
}

export class Stage {
  readonly rig: Rig;
  onDirty: () => void = () => undefined;
  private readonly canvas: HTMLCanvasElement;
  private readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly camera = new PerspectiveCamera();
  private readonly controls: OrbitControls;
  private readonly centre = new Vector3();
  private readonly eyes = new Vector3();
  private readonly observer: ResizeObserver;
  private readonly options: StageOptions;
  private scale = 1;
  private pixelRatio = Math.min(devicePixelRatio, 2);
  private slowFrames = 0;

  static async create(canvas: HTMLCanvasElement, avatar: ArrayBuffer, rig: RigData, options: StageOptions): Promise<Stage> {
    const model = await new GLTFLoader().parseAsync(avatar, "");
    return new Stage(canvas, model, rig, options);
  }

  private constructor(canvas: HTMLCanvasElement, model: GLTF, rig: RigData, options: StageOptions) {
    this.canvas = canvas;
    this.options = options;
    this.renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true, powerPreference: "high-performance" });
    this.renderer.toneMapping = ACESFilmicToneMapping;
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = PCFShadowMap;
    const corneas = prepare(model.scene);
    this.scene.add(model.scene);
    this.rig = new Rig(model, rig);
    this.measure(rig.avatar?.eyes_m);
    this.light(options.quality ?? (drawsInSoftware(this.renderer) ? "light" : "full"), corneas);
    this.controls = this.makeControls();
    this.resetView();
    this.observer = new ResizeObserver(() => {
      this.resize();
    });
    this.observer.observe(canvas.parentElement ?? canvas);
    this.resize();
  }

  private measure(eyes?: AvatarData["eyes_m"]): void {
    const left = eyes ? new Vector3(...eyes[0]) : this.rig.eye("left")?.getWorldPosition(new Vector3());
    const right = eyes ? new Vector3(...eyes[1]) : this.rig.eye("right")?.getWorldPosition(new Vector3());
    if (!left || !right) {
      const box = new Box3().setFromObject(this.rig.root);
      this.scale = (box.max.y - box.min.y) / HEAD_HEIGHT_M || 1;
      box.getCenter(this.centre);
      this.eyes.copy(this.centre);
      return;
    }
    this.scale = left.distanceTo(right) / MEAN_EYE_DISTANCE_M || 1;
    this.centre.addVectors(left, right).multiplyScalar(0.5);
    this.eyes.copy(this.centre);
    this.centre.y -= (BELOW_EYES_M * this.scale) / this.options.closeness;
  }

  private light(quality: Quality, corneas: MeshStandardMaterial[]): void {
    const lamps = lights(this.scale, quality);
    lamps.position.copy(this.centre);
    this.scene.add(lamps);
    if (quality === "light") {
      this.pixelRatio = Math.min(this.pixelRatio, 1);
      return;
    }
    this.scene.environment = surroundings(this.renderer);
    this.scene.environmentIntensity = ENVIRONMENT_INTENSITY;
    for (const cornea of corneas) Object.assign(cornea, { envMap: this.scene.environment, envMapIntensity: CATCH_LIGHT });
  }

  private makeControls(): OrbitControls {
    const controls = new OrbitControls(this.camera, this.canvas);
    controls.enablePan = false;
    controls.enableDamping = !this.options.still;
    controls.dampingFactor = 0.12;
    controls.rotateSpeed = 0.55;
    controls.minAzimuthAngle = -Math.PI * 0.6;
    controls.maxAzimuthAngle = Math.PI * 0.6;
    controls.minPolarAngle = Math.PI * 0.3;
    controls.maxPolarAngle = Math.PI * 0.68;
    controls.minDistance = 0.2 * this.scale;
    controls.maxDistance = 1.7 * this.scale;
    controls.addEventListener("change", () => {
      this.onDirty();
    });
    return controls;
  }

  resetView(): void {
    const azimuth = (this.options.azimuth_deg * Math.PI) / 180;
    const elevation = (this.options.elevation_deg * Math.PI) / 180;
    const distance = (VIEWING_DISTANCE_M * this.scale) / this.options.closeness;
    this.controls.target.copy(this.centre);
    this.camera.position
      .set(Math.sin(azimuth) * Math.cos(elevation), Math.sin(elevation), Math.cos(azimuth) * Math.cos(elevation))
      .multiplyScalar(distance)
      .add(this.centre);
    if (this.options.azimuth_deg === 0 && this.options.elevation_deg === 0)
      this.camera.position.y += BELOW_EYES_M * this.scale;
    this.controls.update();
    this.onDirty();
  }

  private resize(): void {
    const { clientWidth, clientHeight } = this.canvas.parentElement ?? this.canvas;
    if (clientWidth === 0 || clientHeight === 0) return;
    this.renderer.setPixelRatio(this.pixelRatio);
    this.renderer.setSize(clientWidth, clientHeight, false);
    const top = clientWidth < NARROW_PX && !this.options.bare ? TITLE_PX : 0;
    const usable = Math.max(0.5, 1 - top / clientHeight);
    const aspect = clientWidth / clientHeight;
    const height = Math.max(VIEW_HEIGHT_M / usable, VIEW_WIDTH_M / aspect);
    this.camera.aspect = aspect;
    this.camera.setViewOffset(clientWidth, clientHeight, 0, -top / 2, clientWidth, clientHeight);
    this.camera.fov = (2 * Math.atan(height / 2 / VIEWING_DISTANCE_M) * 180) / Math.PI;
    this.camera.near = 0.05 * this.scale;
    this.camera.far = 10 * this.scale;
    this.camera.updateProjectionMatrix();
    this.onDirty();
  }

  /** Shows a pose; eyes that look at a partner so far away (in metres) look at the camera where that is. */
  pose(pose: Pose, partner_m?: number): void {
    this.rig.apply(partner_m === undefined ? pose : converged(pose, partner_m / this.cameraDistance_m()));
  }

  private cameraDistance_m(): number {
    const eyes = this.centre.clone();
    eyes.y += (BELOW_EYES_M * this.scale) / this.options.closeness;
    return Math.max(NEAREST_LOOK_M, this.camera.position.distanceTo(eyes) / this.scale);
  }

  /** Gaze in space (yaw, pitch in radians) at a place of the picture, each of its sides from -1 to 1. */
  aim(x: number, y: number): [number, number] | undefined {
    const caster = new Raycaster();
    caster.setFromCamera(new Vector2(x, y), this.camera);
    const pane = new Plane(new Vector3(0, 0, -1), this.eyes.z + PANE_M * this.scale);
    const place = caster.ray.intersectPlane(pane, new Vector3());
    return place ? yawPitchOf(place.sub(this.eyes)) : undefined;
  }

  /** Where a gaze goes through the pane, in the picture from -1 to 1; undefined behind the camera. */
  spot(yaw_rad: number, pitch_rad: number): [number, number] | undefined {
    const way = directionOf(yaw_rad, pitch_rad);
    if (way.z < 0.05) return undefined;
    const place = way.multiplyScalar((PANE_M * this.scale) / way.z).add(this.eyes).project(this.camera);
    return place.z < 1 ? [place.x, place.y] : undefined;
  }

  /** Frees the graphics context. */
  dispose(): void {
    this.observer.disconnect();
    this.controls.dispose();
    this.renderer.dispose();
    this.renderer.forceContextLoss();
  }

  /** Draws one frame; true while the camera is still gliding. */
  draw(): boolean {
    const gliding = this.controls.enableDamping && this.controls.update();
    this.renderer.render(this.scene, this.camera);
    return gliding;
  }

  /** Gives up resolution where a machine cannot keep pace. */
  keepPace(frame_ms: number): void {
    this.slowFrames = frame_ms > SLOW_FRAME_MS && frame_ms < 500 ? this.slowFrames + 1 : Math.max(0, this.slowFrames - 1);
    if (this.slowFrames < 20 || this.pixelRatio <= 0.75) return;
    this.slowFrames = 0;
    this.pixelRatio = Math.max(0.75, this.pixelRatio * 0.8);
    this.resize();
  }
}

/** Machines without a graphics processor: virtual machines, remote desktops, test runs. */
function drawsInSoftware(renderer: WebGLRenderer): boolean {
  const gl = renderer.getContext();
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name = info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : "";
  return /swiftshader|llvmpipe|software|basic render/i.test(name);
}

/** Shadows on, no culling by the rest pose's bounds, refined materials; returns the corneas. */
function prepare(avatar: Group): MeshStandardMaterial[] {
  const corneas: MeshStandardMaterial[] = [];
  avatar.traverse((node) => {
    if (!(node instanceof Mesh)) return;
    node.frustumCulled = false;
    const materials = (Array.isArray(node.material) ? node.material : [node.material]) as Material[];
    const solid = materials.every((material) => !material.transparent);
    node.castShadow = solid;
    node.receiveShadow = solid;
    for (const material of materials) {
      if (!(material instanceof MeshStandardMaterial)) continue;
      if (/skin|face|head|body/i.test(material.name)) softenSkin(material);
      if (!/cornea/i.test(material.name)) continue;
      onlyReflect(material);
      corneas.push(material);
    }
  });
  return corneas;
}

/** What glTF cannot say: the cornea adds its reflections, in full, to the eye behind it. */
function onlyReflect(cornea: MeshStandardMaterial): void {
  cornea.color.set(0x000000);
  cornea.opacity = 1;
  cornea.transparent = true;
  cornea.blending = AdditiveBlending;
  cornea.depthWrite = false;
}

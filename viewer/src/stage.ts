// The stage: draws the avatar, keeps the camera on its face.
import {
  ACESFilmicToneMapping,
  AdditiveBlending,
  type Group,
  type Material,
  Mesh,
  MeshStandardMaterial,
  PCFShadowMap,
  PerspectiveCamera,
  Scene,
  Vector3,
  WebGLRenderer,
} from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import type { RigData } from "./payload";
import { Rig } from "./rig";
import { softenSkin } from "./skin";
import { ENVIRONMENT_INTENSITY, lights, type Quality, surroundings } from "./studio";
import type { Pose } from "./take";

/** The partner's distance of generated motion: from here the avatar looks at the viewer. */
const VIEWING_DISTANCE_M = 1;
const VIEW_HEIGHT_M = 0.335;
const VIEW_WIDTH_M = 0.25;
const BELOW_EYES_M = 0.018;
const MEAN_EYE_DISTANCE_M = 0.063;
const SLOW_FRAME_MS = 34;

export interface StageOptions {
  azimuth_deg: number;
  elevation_deg: number;
  closeness: number;
  still: boolean;
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
  private readonly options: StageOptions;
  private scale = 1;
  private pixelRatio = Math.min(devicePixelRatio, 2);
  private slowFrames = 0;

  static async create(canvas: HTMLCanvasElement, avatar: ArrayBuffer, rig: RigData, options: StageOptions): Promise<Stage> {
    const model = await new GLTFLoader().parseAsync(avatar, "");
    return new Stage(canvas, model.scene, rig, options);
  }

  private constructor(canvas: HTMLCanvasElement, avatar: Group, rig: RigData, options: StageOptions) {
    this.canvas = canvas;
    this.options = options;
    this.renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true, powerPreference: "high-performance" });
    this.renderer.toneMapping = ACESFilmicToneMapping;
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = PCFShadowMap;
    prepare(avatar);
    this.scene.add(avatar);
    this.rig = new Rig(avatar, rig);
    this.measure();
    this.light(options.quality ?? (drawsInSoftware(this.renderer) ? "light" : "full"));
    this.controls = this.makeControls();
    this.resetView();
    new ResizeObserver(() => {
      this.resize();
    }).observe(canvas.parentElement ?? canvas);
    this.resize();
  }

  private measure(): void {
    const left = this.rig.eye("left")?.getWorldPosition(new Vector3());
    const right = this.rig.eye("right")?.getWorldPosition(new Vector3());
    if (!left || !right) return;
    this.scale = left.distanceTo(right) / MEAN_EYE_DISTANCE_M || 1;
    this.centre.addVectors(left, right).multiplyScalar(0.5);
    this.centre.y -= (BELOW_EYES_M * this.scale) / this.options.closeness;
  }

  private light(quality: Quality): void {
    const lamps = lights(this.scale, quality);
    lamps.position.copy(this.centre);
    this.scene.add(lamps);
    if (quality === "light") {
      this.pixelRatio = Math.min(this.pixelRatio, 1);
      return;
    }
    this.scene.environment = surroundings(this.renderer);
    this.scene.environmentIntensity = ENVIRONMENT_INTENSITY;
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
    controls.minDistance = 0.45 * this.scale;
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
    const aspect = clientWidth / clientHeight;
    const height = Math.max(VIEW_HEIGHT_M, VIEW_WIDTH_M / aspect);
    this.camera.aspect = aspect;
    this.camera.fov = (2 * Math.atan(height / 2 / VIEWING_DISTANCE_M) * 180) / Math.PI;
    this.camera.near = 0.05 * this.scale;
    this.camera.far = 10 * this.scale;
    this.camera.updateProjectionMatrix();
    this.onDirty();
  }

  pose(pose: Pose): void {
    this.rig.apply(pose);
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

/** Shadows on, and no culling by the rest pose's bounds. */
function prepare(avatar: Group): void {
  avatar.traverse((node) => {
    if (!(node instanceof Mesh)) return;
    node.frustumCulled = false;
    const materials = (Array.isArray(node.material) ? node.material : [node.material]) as Material[];
    for (const material of materials) if (material instanceof MeshStandardMaterial) refine(material);
    const solid = materials.every((material) => !material.transparent);
    node.castShadow = solid;
    node.receiveShadow = solid;
  });
}

/** What glTF cannot say: skin is soft, and the cornea adds its reflections to the eye behind it in full. */
function refine(material: MeshStandardMaterial): void {
  if (/skin|face|head|body/i.test(material.name)) softenSkin(material);
  if (!/cornea/i.test(material.name)) return;
  material.color.set(0x000000);
  material.opacity = 1;
  material.blending = AdditiveBlending;
  material.depthWrite = false;
}

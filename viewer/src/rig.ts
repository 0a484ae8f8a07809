// Puts a pose on the avatar's bones and morph targets, and reads it back from them.
import { Bone, type Mesh, type Object3D, Quaternion, Vector3 } from "three";
import type { GLTF } from "three/addons/loaders/GLTFLoader.js";
import { quaternionOf, rowsOf, yawPitchRollOf } from "./angles";
import { arkitWeights } from "./live/weights";
import type { AvatarData, RigData } from "./payload";
import type { Pose } from "./take";

const NAMES = {
  neck: ["neck", "jbipcneck"],
  head: ["head", "jbipchead"],
  leftEye: ["lefteye", "eyel", "eyeleft", "jadjlfaceeye"],
  rightEye: ["righteye", "eyer", "eyeright", "jadjrfaceeye"],
} as const;
type Part = keyof typeof NAMES;

interface Joint {
  node: Object3D;
  /** Rest rotation of the bone in model space and over its parent, and its parent's. */
  rest: Quaternion;
  local: Quaternion;
  parent: Quaternion;
  parentInverse: Quaternion;
  /** Whether it stands below a negative scale, which three.js puts on x. */
  mirrored: boolean;
}

/** A morph target and the channel that holds its weight. */
interface Target {
  influences: number[];
  index: number;
  channel: string;
}

export interface ReadBack {
  /** Row-major rotation matrices. */
  head: number[];
  eyes: [number[], number[]];
  headYawPitchRoll: [number, number, number];
  /** In the head: left, right x yaw, pitch. */
  eyeYawPitch: [[number, number], [number, number]];
  /** Where the eyes are in the space of the page: left, right. */
  eyePositions: [number[], number[]];
  morphs: Record<string, number>;
}

export class Rig {
  readonly root: Object3D;
  private readonly data: RigData;
  private readonly joints: Partial<Record<Part, Joint>> = {};
  private readonly meshes: Mesh[] = [];
  private readonly neckTurn = new Quaternion();
  private readonly headTurn = new Quaternion();
  private readonly eyeTurn = new Quaternion();
  private readonly targets: Target[] = [];
  private readonly eyesRideOnHead: boolean;

  constructor(model: GLTF, data: RigData) {
    this.root = model.scene;
    this.data = data;
    if (data.avatar) this.root.rotateY(-data.avatar.facing_rad);
    this.root.updateMatrixWorld(true);
    this.root.traverse((node) => {
      if ("isMesh" in node && (node as Mesh).morphTargetDictionary) this.meshes.push(node as Mesh);
    });
    if (data.avatar) this.bind(model, data.avatar);
    else for (const part of Object.keys(NAMES) as Part[]) this.find(part);
    this.eyesRideOnHead = this.isBelowHead(this.joints.leftEye?.node);
  }

  /** The nodes and targets that the page names by their glTF numbers. */
  private bind(model: GLTF, avatar: AvatarData): void {
    const numberOf = (node: Object3D): number | undefined => {
      for (let at: Object3D | null = node; at; at = at.parent) {
        const known = model.parser.associations.get(at)?.nodes;
        if (known !== undefined) return known;
      }
      return undefined;
    };
    this.root.traverse((node) => {
      const known = model.parser.associations.get(node)?.nodes;
      for (const [part, index] of Object.entries(avatar.bones) as [Part, number][]) if (known === index) this.join(part, node);
    });
    for (const mesh of this.meshes) {
      const influences = mesh.morphTargetInfluences;
      const own = numberOf(mesh);
      if (!influences) continue;
      for (const [node, index, channel] of avatar.targets) if (node === own) this.targets.push({ influences, index, channel });
    }
  }

  private isBelowHead(node: Object3D | undefined): boolean {
    for (let at = node?.parent; at; at = at.parent) if (at === this.joints.head?.node) return true;
    return false;
  }

  private find(part: Part): void {
    const wanted: readonly string[] = NAMES[part];
    let found: Object3D | undefined;
    this.root.traverse((node) => {
      if ("isMesh" in node || !wanted.includes(node.name.toLowerCase().replace(/[^a-z]/g, ""))) return;
      if (!found || (node instanceof Bone && !(found instanceof Bone))) found = node;
    });
    if (found) this.join(part, found);
  }

  private join(part: Part, node: Object3D): void {
    const parent = node.parent?.getWorldQuaternion(new Quaternion()) ?? new Quaternion();
    this.joints[part] = {
      node,
      rest: node.getWorldQuaternion(new Quaternion()),
      local: node.quaternion.clone(),
      parent,
      parentInverse: parent.clone().invert(),
      mirrored: (node.parent?.matrixWorld.determinant() ?? 1) < 0,
    };
  }

  eye(side: "left" | "right"): Object3D | undefined {
    return this.joints[`${side}Eye`]?.node;
  }

  private turn(part: Part, rotation: Quaternion): void {
    const joint = this.joints[part];
    if (!joint) return;
    const turn = joint.node.quaternion.copy(joint.parentInverse).multiply(rotation).multiply(joint.parent);
    if (joint.mirrored) turn.set(turn.x, -turn.y, -turn.z, turn.w);
    turn.multiply(joint.local);
  }

  apply(pose: Pose): void {
    this.neckTurn.identity();
    if (this.joints.neck && this.joints.head) this.neckTurn.slerp(pose.head, this.data.neckShare);
    this.turn("neck", this.neckTurn);
    this.turn("head", this.headTurn.copy(this.neckTurn).invert().multiply(pose.head));
    this.turnEyes(pose);
    if (this.data.avatar) for (const { influences, index, channel } of this.targets) influences[index] = pose.weights.get(channel) ?? 0;
    else this.applyByName(pose);
  }

  private turnEyes(pose: Pose): void {
    const range = this.data.avatar?.eye_range_rad;
    for (const [index, part] of [
      [0, "leftEye"],
      [1, "rightEye"],
    ] as const) {
      this.eyeTurn.copy(pose.eyes[index]);
      if (range) shownEye(pose.eyeAngles[index], range, this.data, this.eyeTurn);
      if (this.joints.head && !this.eyesRideOnHead) this.eyeTurn.premultiply(pose.head);
      this.turn(part, this.eyeTurn);
    }
  }

  /** The built-in avatar: its targets have ARKit's names. */
  private applyByName(pose: Pose): void {
    const weights = arkitWeights({ ...pose, eyes: pose.eyeAngles }, this.data);
    for (const mesh of this.meshes) {
      const influences = mesh.morphTargetInfluences;
      if (!influences) continue;
      for (const [name, index] of Object.entries(mesh.morphTargetDictionary ?? {})) influences[index] = weights.get(name) ?? 0;
    }
  }

  /** How far a bone has turned in model space. */
  private turned(part: Part): Quaternion {
    const joint = this.joints[part];
    if (!joint) return new Quaternion();
    return joint.node.getWorldQuaternion(new Quaternion()).multiply(joint.rest.clone().invert());
  }

  private position(part: Part): number[] {
    return this.joints[part]?.node.getWorldPosition(new Vector3()).toArray() ?? [];
  }

  readBack(): ReadBack {
    this.root.updateMatrixWorld(true);
    const head = this.turned("head");
    const back = head.clone().invert();
    const [left, right] = (["leftEye", "rightEye"] as const).map((part) => back.clone().multiply(this.turned(part))) as [
      Quaternion,
      Quaternion,
    ];
    const angles = (eye: Quaternion): [number, number] => {
      const [yaw, pitch] = yawPitchRollOf(eye);
      return [yaw, pitch];
    };
    const morphs: Record<string, number> = {};
    for (const mesh of this.meshes)
      for (const [name, index] of Object.entries(mesh.morphTargetDictionary ?? {}))
        morphs[name] = mesh.morphTargetInfluences?.[index] ?? 0;
    return {
      head: rowsOf(head),
      eyes: [rowsOf(left), rowsOf(right)],
      headYawPitchRoll: yawPitchRollOf(head),
      eyeYawPitch: [angles(left), angles(right)],
      eyePositions: [this.position("leftEye"), this.position("rightEye")],
      morphs,
    };
  }
}

/** As talkingeyes.avatar.eye_range has it: in proportion, so that a full gaze reaches the end of the range. */
function shownEye([yaw, pitch]: [number, number], [side, up, down]: [number, number, number], rig: RigData, target: Quaternion): void {
  const shown = (angle: number, most: number, full: number): number =>
    Math.max(-most, Math.min(most, angle * Math.min(1, most / full)));
  quaternionOf(shown(yaw, side, rig.eyeLookSide_rad), shown(pitch, pitch > 0 ? up : down, rig.eyeLookUpDown_rad), 0, target);
}

// Rotations of docs/conventions.md: yaw + to the character's left, pitch + up, roll + lifts the left side; radians.
import { Matrix4, Quaternion, Vector3 } from "three";

const X = new Vector3(1, 0, 0);
const Y = new Vector3(0, 1, 0);
const Z = new Vector3(0, 0, 1);
const part = new Quaternion();
const matrix = new Matrix4();

export const DEGREES = 180 / Math.PI;

/** `Ry(yaw) Rx(-pitch) Rz(roll)` */
export function quaternionOf(yaw: number, pitch: number, roll: number, target = new Quaternion()): Quaternion {
  target.setFromAxisAngle(Y, yaw);
  target.multiply(part.setFromAxisAngle(X, -pitch));
  return roll === 0 ? target : target.multiply(part.setFromAxisAngle(Z, roll));
}

/** Row-major 3 x 3 matrix of a rotation. */
export function rowsOf(rotation: Quaternion): number[] {
  const e = matrix.makeRotationFromQuaternion(rotation).elements;
  return [e[0], e[4], e[8], e[1], e[5], e[9], e[2], e[6], e[10]];
}

/** Inverse of quaternionOf: yaw, pitch, roll. */
export function yawPitchRollOf(rotation: Quaternion): [number, number, number] {
  const e = matrix.makeRotationFromQuaternion(rotation).elements;
  const pitch = Math.asin(Math.max(-1, Math.min(1, e[9])));
  return [Math.atan2(e[8], e[10]), pitch, Math.atan2(e[1], e[5])];
}

/** Unit vector of a gaze direction. */
export function directionOf(yaw: number, pitch: number, target = new Vector3()): Vector3 {
  return target.set(Math.sin(yaw) * Math.cos(pitch), Math.sin(pitch), Math.cos(yaw) * Math.cos(pitch));
}

export function yawPitchOf(direction: Vector3): [number, number] {
  return [Math.atan2(direction.x, direction.z), Math.atan2(direction.y, Math.hypot(direction.x, direction.z))];
}

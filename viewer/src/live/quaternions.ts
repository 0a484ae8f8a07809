// The few rotations that the client needs, on plain arrays x, y, z, w: it brings no three.js of its own.

export type Quat = readonly [x: number, y: number, z: number, w: number];

export const IDENTITY: Quat = [0, 0, 0, 1];

export function multiplied(a: Quat, b: Quat): Quat {
  const [ax, ay, az, aw] = a;
  const [bx, by, bz, bw] = b;
  return [
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
    aw * bw - ax * bx - ay * by - az * bz,
  ];
}

export const inverse = ([x, y, z, w]: Quat): Quat => [-x, -y, -z, w];

function aboutAxis(axis: 0 | 1 | 2, angle_rad: number): Quat {
  const turned: [number, number, number, number] = [0, 0, 0, Math.cos(angle_rad / 2)];
  turned[axis] = Math.sin(angle_rad / 2);
  return turned;
}

/** `Ry(yaw) Rx(-pitch) Rz(roll)` of docs/conventions.md, radians. */
export const rotationOf = (yaw_rad: number, pitch_rad: number, roll_rad = 0): Quat =>
  multiplied(multiplied(aboutAxis(1, yaw_rad), aboutAxis(0, -pitch_rad)), aboutAxis(2, roll_rad));

/** The way from one rotation to another, 0..1, at constant speed. */
export function between(from: Quat, to: Quat, share: number): Quat {
  const dot = from[0] * to[0] + from[1] * to[1] + from[2] * to[2] + from[3] * to[3];
  const sign = dot < 0 ? -1 : 1;
  const angle = Math.acos(Math.min(1, Math.abs(dot)));
  const [a, b] =
    angle < 1e-5 ? [1 - share, share * sign] : [Math.sin((1 - share) * angle) / Math.sin(angle), (sign * Math.sin(share * angle)) / Math.sin(angle)];
  const mixed = from.map((value, i) => a * value + b * (to[i] ?? 0));
  const length = Math.hypot(...mixed) || 1;
  return mixed.map((value) => value / length) as unknown as Quat;
}

/** Angles about x, y, z in the order that three.js calls XYZ, radians. */
export function eulerOf([x, y, z, w]: Quat): [number, number, number] {
  const sinY = Math.max(-1, Math.min(1, 2 * (x * z + w * y)));
  return [
    Math.atan2(2 * (w * x - y * z), 1 - 2 * (x * x + y * y)),
    Math.asin(sinY),
    Math.atan2(2 * (w * z - x * y), 1 - 2 * (y * y + z * z)),
  ];
}

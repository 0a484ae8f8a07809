// What avatars of other libraries show of frames; bundled by tests/live/test_client.py.
// node BUNDLE JOB.json  ->  RESULT {..}
import { readFileSync } from "node:fs";
import { Quaternion } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { VRMLoaderPlugin } from "@pixiv/three-vrm";
import { TalkingHead } from "@met4citizen/talkinghead";
import {
  FrameTrack,
  GltfTarget,
  LiveClient,
  parseMessage,
  pcm16,
  Playhead,
  readFrame,
  Resampler,
  TalkingHeadTarget,
  ThreeVrmTarget,
} from "../../viewer/src/live/index.ts";

globalThis.self ??= globalThis;

async function load(path, plugin) {
  const loader = new GLTFLoader();
  if (plugin) loader.register(plugin);
  const bytes = readFileSync(path);
  return loader.parseAsync(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength), "");
}

function morphsOf(root) {
  const found = {};
  root.traverse((mesh) => {
    for (const [name, index] of Object.entries(mesh.morphTargetDictionary ?? {})) found[name] = mesh.morphTargetInfluences[index];
  });
  return found;
}

/** How far named nodes have turned in model space since they were at rest. */
function turnsOf(root, names) {
  root.updateMatrixWorld(true);
  return Object.fromEntries(
    names.flatMap((name) => {
      const node = root.getObjectByName(name);
      return node ? [[name, node.getWorldQuaternion(new Quaternion())]] : [];
    }),
  );
}

function trackOf({ fps, names, messages }) {
  const track = new FrameTrack(fps, names);
  for (const { text, packed } of messages) {
    const data = packed ? Uint8Array.from(Buffer.from(packed, "base64")).buffer : text;
    track.add([readFrame(parseMessage(data))]);
  }
  return track;
}

async function gltf({ path, times, bones, facing }, track) {
  const model = await load(path);
  const rest = turnsOf(model.scene, bones);
  const target = new GltfTarget(model.scene, { facing_rad: facing ?? 0 });
  const shown = times.map((time) => {
    target.apply(track.sampleAt(time));
    const turned = Object.entries(turnsOf(model.scene, bones)).map(([name, now]) => [name, now.multiply(rest[name].clone().invert()).toArray()]);
    return { turned: Object.fromEntries(turned), morphs: morphsOf(model.scene) };
  });
  target.release();
  const back = Object.entries(turnsOf(model.scene, bones)).map(([name, now]) => now.angleTo(rest[name]));
  return { shown, offAfterRelease: Math.max(...back) };
}

async function vrm({ path, times }, track) {
  const avatar = (await load(path, (parser) => new VRMLoaderPlugin(parser))).userData.vrm;
  const bones = ["head", "leftEye", "rightEye"];
  const raw = Object.fromEntries(bones.map((name) => [name, avatar.humanoid.getRawBoneNode(name)]).filter(([, node]) => node));
  const rotation = (node) => node.getWorldQuaternion(new Quaternion());
  avatar.scene.updateMatrixWorld(true);
  const rest = Object.fromEntries(Object.entries(raw).map(([name, node]) => [name, rotation(node)]));
  const target = new ThreeVrmTarget(avatar);
  return times.map((time) => {
    target.apply(track.sampleAt(time));
    avatar.update(1 / 60);
    avatar.update(1 / 60);
    avatar.scene.updateMatrixWorld(true);
    const turned = Object.entries(raw).map(([name, node]) => [name, rotation(node).multiply(rest[name].clone().invert()).toArray()]);
    const manager = avatar.expressionManager;
    const expressions = Object.fromEntries(Object.keys(manager?.expressionMap ?? {}).map((name) => [name, manager.getValue(name)]));
    return { turned: Object.fromEntries(turned), morphs: morphsOf(avatar.scene), expressions, version: avatar.meta.metaVersion };
  });
}

/** A real TalkingHead's morph targets and pose, without its page. */
function talkingHead({ times }, track) {
  const head = Object.create(TalkingHead.prototype);
  const value = (min) => ({
    fixed: null, realtime: null, system: null, systemd: null, newvalue: null, ref: null, min, max: 1, base: null, v: 0, acc: 1e-5,
    maxv: 0.005, limit: null, onchange: null, baseline: 0, value: 0, applied: 0, needsUpdate: true, ms: [[0]], is: [0],
  });
  const shapes = ["jawOpen", "eyeBlinkLeft", "eyeBlinkRight", "eyeLookOutLeft", "eyeLookInLeft", "eyeLookUpLeft", "viseme_aa", "mouthOpen"];
  const turns = ["headRotateX", "headRotateY", "headRotateZ", "bodyRotateX", "bodyRotateY", "bodyRotateZ"];
  head.mtAvatar = Object.fromEntries([...shapes.map((name) => [name, value(0)]), ...turns.map((name) => [name, value(-1)])]);
  head.mtAvatar.viseme_aa.newvalue = 0.9; // its own lip-sync
  const pose = { x: 0, y: 0, z: 0 };
  head.poseDelta = { props: { "Head.quaternion": pose } };
  const target = new TalkingHeadTarget(head);
  const shown = times.map((time) => {
    target.apply(track.sampleAt(time));
    head.updateMorphTargets(16);
    const morphs = Object.fromEntries(shapes.map((name) => [name, head.mtAvatar[name].ms[0][0]]));
    return { euler: [pose.x, pose.y, pose.z], morphs };
  });
  target.release();
  return { shown, held: Object.values(head.mtAvatar).filter(({ realtime }) => realtime !== null).length };
}

function resampled({ from, hertz, chunks }) {
  const input = Float32Array.from({ length: from }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / from));
  const outputs = chunks.map((size) => {
    const resampler = new Resampler(from, 16000);
    const pieces = [];
    for (let at = 0; at < input.length; at += size) pieces.push(...resampler.push(input.subarray(at, at + size)));
    return pieces;
  });
  return { outputs, pcm: [...pcm16(Float32Array.of(0, 1, -1, 2, -2, 0.5), 2)] };
}

/** Frames arrive at uneven times: what time is shown, picture by picture. */
function playhead({ arrivals, pictures }) {
  const head = new Playhead();
  let next = 0;
  return pictures.map((now) => {
    for (; next < arrivals.length && arrivals[next][1] <= now; next++) head.arrived(...arrivals[next]);
    return head.timeAt(now) ?? null;
  });
}

/** The client against sockets that the test holds in its hand. */
async function client({ accept, state }) {
  const sockets = [];
  globalThis.WebSocket = class {
    constructor(url) {
      this.url = url;
      this.sent = [];
      sockets.push(this);
    }
    send(data) {
      this.sent.push(data);
    }
    close(code) {
      this.onclose({ code, reason: "" });
    }
  };
  const statuses = [];
  const live = new LiveClient({ url: "ws://here/v1/sessions", token: "secret", session: { seed: 3 } }, { onStatus: (status) => statuses.push(status) });
  const receive = (socket, message) => socket.onmessage({ data: JSON.stringify(message) });
  sockets[0].onopen();
  live.send(new Float32Array(100), "own"); // before there is an answer: kept
  receive(sockets[0], accept);
  live.send(new Float32Array(50).fill(0.5), "own");
  live.send(new Float32Array(10), "other");
  receive(sockets[0], { type: "state", state, frame: 2, taken: { own: 120, other: 10 } });
  sockets[0].onclose({ code: 1006, reason: "" });
  await new Promise((resolve) => setTimeout(resolve, 400));
  sockets[1].onopen();
  receive(sockets[1], { ...accept, taken: { own: 120, other: 10 } });
  live.look(10, -5);
  live.set({ eye_contact: 0.5 });
  live.close();
  const shown = (data) => (typeof data === "string" ? JSON.parse(data) : [...data].length);
  return { sent: sockets.map((socket) => socket.sent.map(shown)), urls: sockets.map(({ url }) => url), statuses, last: [...sockets[1].sent[1]].slice(0, 4) };
}

async function main([path]) {
  const job = JSON.parse(readFileSync(path, "utf8"));
  const track = job.track ? trackOf(job.track) : undefined;
  const work = { gltf, vrm, talkingHead, resampled, playhead, client, samples: ({ times }) => times.map((time) => {
    const sample = track.sampleAt(time);
    return sample ? { ...sample, face: Object.fromEntries(sample.face) } : null;
  }) };
  console.log("RESULT " + JSON.stringify(await work[job.work](job, track)));
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exit(1);
});

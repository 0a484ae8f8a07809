// What a VRM player shows: three-vrm loads an avatar and plays a .vrma on it; bundled by tests/formats/test_vrma_mouth.py.
// node BUNDLE AVATAR.vrm ANIMATION.vrma TIME..  ->  {duration, frames: [{weights of the Face mesh by name}]}
import { readFileSync } from "node:fs";
import { AnimationMixer } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { VRMLoaderPlugin } from "@pixiv/three-vrm";
import { VRMAnimationLoaderPlugin, createVRMAnimationClip } from "@pixiv/three-vrm-animation";

globalThis.self ??= globalThis;

async function load(path, plugin) {
  const loader = new GLTFLoader();
  loader.register(plugin);
  const bytes = readFileSync(path);
  return loader.parseAsync(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength), "");
}

async function main([avatar, animation, ...times]) {
  const vrm = (await load(avatar, (parser) => new VRMLoaderPlugin(parser))).userData.vrm;
  const held = (await load(animation, (parser) => new VRMAnimationLoaderPlugin(parser))).userData.vrmAnimations[0];
  const clip = createVRMAnimationClip(held, vrm);
  const mixer = new AnimationMixer(vrm.scene);
  mixer.clipAction(clip).play();
  const frames = times.map((time) => {
    mixer.setTime(Number(time));
    vrm.update(1 / 60);
    const weights = {};
    vrm.scene.traverse((mesh) => {
      for (const [name, index] of Object.entries(mesh.morphTargetDictionary ?? {}))
        weights[name] = mesh.morphTargetInfluences[index];
    });
    return weights;
  });
  console.log("RESULT " + JSON.stringify({ duration: clip.duration, frames }));
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exit(1);
});

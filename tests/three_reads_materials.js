// Where the vertices of each material are, as three.js deforms them; bundled by tests/test_any_avatar.py.
import { AnimationMixer, LoopOnce, Vector3 } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";

window.readMaterials = async (base64, times) => {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const gltf = await new GLTFLoader().parseAsync(bytes.buffer, "");
  const mixer = new AnimationMixer(gltf.scene);
  const action = mixer.clipAction(gltf.animations[gltf.animations.length - 1]).setLoop(LoopOnce, 1);
  action.clampWhenFinished = true;
  action.play();
  const point = new Vector3();
  return times.map((time) => {
    mixer.setTime(time);
    gltf.scene.updateMatrixWorld(true);
    const means = {};
    gltf.scene.traverse((mesh) => {
      if (!mesh.isMesh) return;
      const mean = new Vector3();
      const count = mesh.geometry.attributes.position.count;
      for (let i = 0; i < count; i++) mean.add(mesh.getVertexPosition(i, point).applyMatrix4(mesh.matrixWorld));
      means[mesh.material.name] = mean.divideScalar(count).toArray();
    });
    return means;
  });
};

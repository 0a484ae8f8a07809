// Light that enters skin comes out beside where it entered: soft terminators, and shadows with a warm edge.
import { type MeshStandardMaterial, ShaderChunk } from "three";

const REACH = "vec3(0.24, 0.15, 0.12)";

function replaceOnce(text: string, part: string, by: string): string {
  const pieces = text.split(part);
  if (pieces.length !== 2) throw new Error(`three.js has changed: ${part}`);
  return pieces.join(by);
}

/** Changes a standard material's diffuse light; red reaches furthest around the terminator. */
export function softenSkin(material: MeshStandardMaterial): void {
  const soft = replaceOnce(
    ShaderChunk.lights_physical_pars_fragment,
    "reflectedLight.directDiffuse += irradiance * diffuseBRDF * ( 1.0 - F );",
    `vec3 reach = ${REACH};
    vec3 wrapped = saturate((dot(geometryNormal, directLight.direction) + reach) / (1.0 + reach));
    reflectedLight.directDiffuse += wrapped * directLight.color * diffuseBRDF * (1.0 - F);`,
  );
  const begin = ShaderChunk.lights_fragment_begin.replace(
    /directLight\.color \*= (\( directLight\.visible && receiveShadow \) \? getShadow\( directionalShadowMap.*?: 1\.0);/,
    "directLight.color *= pow(vec3($1), vec3(0.78, 0.96, 1.0));",
  );
  material.onBeforeCompile = (shader) => {
    shader.fragmentShader = shader.fragmentShader
      .replace("#include <lights_physical_pars_fragment>", soft)
      .replace("#include <lights_fragment_begin>", begin);
  };
  material.customProgramCacheKey = () => "skin";
}

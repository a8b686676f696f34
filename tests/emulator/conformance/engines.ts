import * as engines from "../../../src/api/operations/engines.ts";
import { example, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import { engineReply, list, nothing, strict, text } from "./shapes.ts";

async function made(scene: Scene): Promise<{ id: string }> {
  const { engine } = await scene.manage("/v1/mgmt/engine/create", { name: scene.fresh("Engine") });
  return { id: engine.id };
}

export const engineExamples: Examples = [
  example(engines.create, strict({ engine: engineReply }), (scene) => ({ name: scene.fresh("Engine") })),
  example(engines.load, strict({ engine: engineReply }), made),
  example(engines.loadAll, strict({ engines: list(engineReply) }), async (scene) => {
    await made(scene);
    return {};
  }),
  example(engines.update, strict({ engine: engineReply }), async (scene) => ({
    ...(await made(scene)),
    name: scene.fresh("Engine"),
  })),
  example(engines.rotateSecret, strict({ secret: text }), made),
  example(engines.remove, nothing, made),
];

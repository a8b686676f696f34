import * as lists from "../../../src/api/operations/lists.ts";
import { example, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import { flag, list, listReply, nothing, strict } from "./shapes.ts";

const texts = (scene: Scene) => ({
  name: scene.fresh("List"),
  description: "Some texts",
  type: "texts",
  data: ["a", "b"],
});
const ips = (scene: Scene) => ({ name: scene.fresh("List"), type: "ips", data: ["10.0.0.1"] });

async function made(scene: Scene, list: object = texts(scene)): Promise<{ id: string; name: string }> {
  return (await scene.manage("/v1/mgmt/list", list)).list;
}

const byId = async (scene: Scene) => ({ id: (await made(scene)).id });
const ofTexts = (more: object) => async (scene: Scene) => ({ ...(await byId(scene)), ...more });
const ofIps = (more: object) => async (scene: Scene) => ({ id: (await made(scene, ips(scene))).id, ...more });

export const listExamples: Examples = [
  example(lists.create, strict({ list: listReply }), texts),
  example(lists.update, strict({ list: listReply }), async (scene) => ({
    ...texts(scene),
    ...(await byId(scene)),
  })),
  example(lists.load, strict({ list: listReply }), byId),
  example(lists.loadByName, strict({ list: listReply }), async (scene) => ({
    name: (await made(scene)).name,
  })),
  example(lists.loadAll, strict({ lists: list(listReply) }), async (scene) => {
    await made(scene);
    await made(scene, { name: scene.fresh("List"), type: "json", data: { limit: 3 } });
    return {};
  }),
  example(lists.importAll, nothing, (scene) => ({ lists: [{ id: scene.fresh("list"), ...texts(scene) }] })),
  example(lists.clear, nothing, byId),
  example(lists.remove, nothing, byId),
  example(lists.addIps, nothing, ofIps({ ips: ["10.0.0.2"] })),
  example(lists.removeIps, nothing, ofIps({ ips: ["10.0.0.1"] })),
  example(lists.checkIp, strict({ exists: flag }), ofIps({ ip: "10.0.0.1" })),
  example(lists.addTexts, nothing, ofTexts({ texts: ["c"] })),
  example(lists.removeTexts, nothing, ofTexts({ texts: ["a"] })),
  example(lists.checkText, strict({ exists: flag }), ofTexts({ text: "a" })),
];

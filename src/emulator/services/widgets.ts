import * as operations from "../../api/operations/widgets.ts";
import { text } from "../project-settings.ts";
import { on, type Service } from "../service.ts";
import { getIndex, getObject } from "../snapshot/snapshot-files.ts";

export const widgetService: Service = [
  on(operations.list, (_input, { project }) => ({
    widgets: getIndex(project, "widgets/widgets.json", "widgets").map((widgetId) => {
      const { name, type, disabled } = getObject(project, `widgets/${widgetId}/metadata.json`);
      return { widgetId, name: text(name) || widgetId, type: text(type), disabled: disabled === true };
    }),
  })),
];

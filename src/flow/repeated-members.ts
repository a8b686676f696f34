/** Members of a screen's task that repeat its screen, or are worked out from it. */
export const COPIED = new Set([
  "htmlTemplate",
  "interactions",
  "componentsConnectors",
  "componentsConditions",
  "dynamicSelects",
  "clientScripts",
  "connectorComponentProps",
  "recoveryCodesData",
]);

/** Members of a task that are worked out from the rest. */
export const DERIVED = new Set([
  "inputKeys",
  "allInputKeys",
  "calculatedInputKeys",
  "inputsMetadata",
  "contextKeys",
]);

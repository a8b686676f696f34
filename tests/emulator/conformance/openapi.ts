import Ajv, { type ErrorObject, type Format, type ValidateFunction } from "ajv";
import fs from "node:fs";
import path from "node:path";

/** What a document says of one operation. */
export interface DocumentedOperation {
  /** Checks a reply; absent where the document does not say what comes back. */
  readonly reply?: ValidateFunction;
  /** Checks the body of a request; absent where the document knows none. */
  readonly body?: ValidateFunction;
  /** Names of the query's members. */
  readonly query: ReadonlySet<string>;
  /** Places of everything that a body may hold, "0" for the items of a list; not those within maps. */
  readonly bodyMembers: readonly string[];
}

interface Node {
  readonly [member: string]: unknown;
}

/**
 * The vendor's published description of the API, read where it is at hand: it is not a part of this project.
 *
 * @returns undefined where neither DESCOPE_OPENAPI nor the folder beside the project names one.
 */
export function documentPath(): string | undefined {
  const named = process.env.DESCOPE_OPENAPI;
  if (named !== undefined && named !== "") return named;
  const beside = path.join(import.meta.dir, "../../../../shared/reference/descope-openapi.yml");
  return fs.existsSync(beside) ? beside : undefined;
}

export class OpenApi {
  private readonly ajv = new Ajv({ strict: false, allErrors: true });
  private readonly operations = new Map<string, Node>();
  private readonly parameters: Node;
  private readonly schemas: Node;

  constructor(text: string) {
    const document = Bun.YAML.parse(text) as Node;
    const { schemas, parameters } = document.components as { schemas: Node; parameters?: Node };
    this.parameters = parameters ?? {};
    this.schemas = schemas;
    this.ajv.addSchema({ $id: "document", components: { schemas: closed(schemas) } });
    for (const [name, format] of formats) this.ajv.addFormat(name, format);
    for (const [route, item] of Object.entries(document.paths as Record<string, Node>)) {
      for (const [method, operation] of Object.entries(item))
        this.operations.set(keyOf(method, route), operation as Node);
    }
  }

  /** How many operations it describes. */
  get size(): number {
    return this.operations.size;
  }

  find(method: string, route: string): DocumentedOperation | undefined {
    const found = this.operations.get(keyOf(method, route));
    if (found === undefined) return undefined;
    const reply = jsonSchema((found.responses as Node | undefined)?.["200"]);
    const body = jsonSchema(found.requestBody);
    const query = ((found.parameters ?? []) as Node[])
      .map((one) =>
        "$ref" in one ? (this.parameters[String(one.$ref).split("/").at(-1) ?? ""] as Node) : one,
      )
      .filter((one) => one.in === "query")
      .map(({ name }) => String(name));
    return {
      ...this.compiled("reply", reply),
      ...this.compiled("body", body),
      query: new Set(query),
      bodyMembers: body === undefined ? [] : this.membersOf(body),
    };
  }

  private membersOf(schema: Node, path: readonly string[] = []): string[] {
    const { $ref, allOf, properties, items } = schema;
    if (typeof $ref === "string") {
      const named = this.schemas[$ref.split("/").at(-1) ?? ""] as Node | undefined;
      return named === undefined ? [] : this.membersOf(named, path);
    }
    if (Array.isArray(allOf)) return this.membersOf(allOf[0] as Node, path);
    // Schemas that hold themselves would never end.
    if (path.length > 4) return [];
    const inner = properties === undefined ? (items === undefined ? {} : { "0": items }) : properties;
    return Object.entries(inner as Record<string, Node>).flatMap(([name, member]) => [
      [...path, name].join("."),
      ...this.membersOf(member, [...path, name]),
    ]);
  }

  private compiled<K extends "reply" | "body">(kind: K, schema: Node | undefined) {
    if (schema === undefined) return {} as { [P in K]?: ValidateFunction };
    try {
      return { [kind]: this.ajv.compile(closed(schema) as Node) } as { [P in K]?: ValidateFunction };
    } catch (error) {
      // The document names a schema here that it does not have.
      if (error instanceof Error && error.message.includes("can't resolve reference"))
        return {} as { [P in K]?: ValidateFunction };
      throw error;
    }
  }
}

/** What is wrong, a line for each place, without values. */
export function faultsOf(validate: ValidateFunction, value: unknown): string[] {
  if (validate(value)) return [];
  return [...new Set((validate.errors ?? []).map(faultOf))];
}

function faultOf({ instancePath, keyword, params, message }: ErrorObject): string {
  const place = instancePath.replaceAll(/\/\d+/g, "[]").replaceAll("/", ".").replace(/^\./, "");
  if (keyword === "additionalProperties")
    return `${place === "" ? "" : `${place}.`}${params.additionalProperty} is not in the document`;
  return `${place} ${message ?? keyword}`;
}

const formats: readonly (readonly [string, Format])[] = [
  ["int32", { type: "number", validate: (value: number) => value >= -(2 ** 31) && value < 2 ** 31 }],
  ["uint32", { type: "number", validate: (value: number) => value >= 0 && value < 2 ** 32 }],
  ["double", { type: "number", validate: () => true }],
  ["enum", { type: "number", validate: () => true }],
  ["bytes", /^[A-Za-z0-9+/_-]*={0,2}$/],
];

function keyOf(method: string, route: string): string {
  return `${method.toUpperCase()} ${route.replaceAll(/\{\w+\}/g, "{}")}`;
}

function jsonSchema(node: unknown): Node | undefined {
  const content = (node as Node | undefined)?.content as Record<string, Node> | undefined;
  return content?.["application/json"]?.schema as Node | undefined;
}

/** The same schema, with members that are not named refused, references as the compiler wants them and nulls allowed by `nullable`. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== "object" || node === null) return node;
  const out = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === "$ref" ? String(value).replace(/^#\//, "document#/") : closed(value),
    ]),
  ) as Record<string, unknown>;
  // The document calls the values of such maps strings, and says in words beside it of which other kinds they are.
  if (/values can be/i.test(String(out.description ?? ""))) out.additionalProperties = true;
  if (out.type === "object" && out.properties !== undefined && out.additionalProperties === undefined)
    out.additionalProperties = false;
  return out;
}

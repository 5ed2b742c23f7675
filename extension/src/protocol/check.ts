// Holds what arrives against the schema that the Python side is made from; the words of JSON Schema that it uses, no more.
import document from "./schema.json";
import type { FromAgent, FromBridge } from "./types.ts";

interface Schema {
  $ref?: string; type?: string; enum?: unknown[]; anyOf?: Schema[]; oneOf?: Schema[]; pattern?: string; maxLength?: number;
  minimum?: number; maximum?: number; items?: Schema; properties?: { [name: string]: Schema }; required?: string[];
  additionalProperties?: boolean | Schema;
}

export const PROTOCOL: number = document["x-protocol"];
export const VERSION: string = document["x-version"];
export const READS: { [namespace: string]: string[] } = document["x-reads"];
export const REFUSALS: { [code: string]: { number: number; meaning: string } } = document["x-refusals"];

const definitions = document.$defs as unknown as { [name: string]: Schema };
const patterns = new Map<string, RegExp>();

export const fromBridge = (value: unknown): FromBridge | null => (fits(value, "FromBridge") ? (value as FromBridge) : null);
export const fromAgent = (value: unknown): FromAgent | null => (fits(value, "FromAgent") ? (value as FromAgent) : null);

export function fits(value: unknown, name: string): boolean {
  return Object.hasOwn(definitions, name) && holds(value, definitions[name]!);
}

function holds(value: unknown, schema: Schema): boolean {
  if (schema.$ref) return fits(value, schema.$ref.slice("#/$defs/".length));
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.some((choice) => holds(value, choice));
  if (schema.enum) return schema.enum.includes(value);
  switch (schema.type) {
    case undefined: return true;
    case "null": return value === null;
    case "boolean": return typeof value === "boolean";
    case "integer":
      return Number.isInteger(value) && (value as number) >= (schema.minimum ?? -Infinity) && (value as number) <= (schema.maximum ?? Infinity);
    case "string": return typeof value === "string" && [...value].length <= (schema.maxLength ?? Infinity) && matches(value, schema.pattern);
    case "array": return Array.isArray(value) && value.every((item) => holds(item, schema.items ?? {}));
    case "object": return isObject(value) && holdsFields(value, schema);
    default: return false;
  }
}

function holdsFields(value: { [name: string]: unknown }, schema: Schema): boolean {
  const known = schema.properties ?? {};
  if ((schema.required ?? []).some((name) => !Object.hasOwn(value, name))) return false;
  return Object.keys(value).every((name) =>
    Object.hasOwn(known, name) ? holds(value[name], known[name]!) : schema.additionalProperties !== false);
}

function matches(text: string, pattern: string | undefined): boolean {
  if (pattern === undefined) return true;
  let compiled = patterns.get(pattern);
  if (!compiled) patterns.set(pattern, (compiled = new RegExp(pattern, "u")));
  return compiled.test(text);
}

export const isObject = (value: unknown): value is { [name: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

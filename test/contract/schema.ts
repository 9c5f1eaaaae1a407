import { Ajv2019, type ErrorObject, type ValidateFunction } from 'ajv/dist/2019.js';
import formats from 'ajv-formats';
import { type OpenApiSchema, refName } from './description.ts';

/** `closed` refuses properties that a schema does not list: nobody may send what GitHub would ignore. */
type Mode = 'open' | 'closed';

type JsonSchema = Record<string, unknown>;

/**
 * Formats that say nothing which could be checked. Addresses of bots are none to the letter:
 * `49699333+dependabot[bot]@users.noreply.github.com`.
 */
const FREE_FORMATS = ['repo.nwo', 'binary', 'timestamp', 'email'];

/** Properties from which on an object is compiled apart. */
const WORTH_A_NAME = 6;

const COPIED = [
  ...['const', 'required', 'pattern', 'format', 'minLength', 'maxLength', 'minimum', 'maximum'],
  ...['minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties'],
] as const;

/** All that a value breaks of a schema. */
export type FindErrors = (schema: OpenApiSchema, mode: Mode, value: unknown) => ErrorObject[];

/**
 * Validates by schemas of one description, each compiled when it is first asked for. Code that stops at the first
 * error is made in two thirds of the time; all errors are looked for when there is one.
 */
export function makeErrorFinder(schemas: Record<string, OpenApiSchema>): FindErrors {
  const isValid = makeCompiler(schemas, { allErrors: false });
  const thorough = makeCompiler(schemas, { allErrors: true });
  return (schema, mode, value) => {
    if (isValid(schema, mode)(value)) return [];
    const validate = thorough(schema, mode);
    validate(value);
    return validate.errors ?? [];
  };
}

function makeCompiler(
  schemas: Record<string, OpenApiSchema>,
  { allErrors }: { allErrors: boolean },
): (schema: OpenApiSchema, mode: Mode) => ValidateFunction {
  const ajv = new Ajv2019({
    strict: false,
    allErrors,
    inlineRefs: false,
    code: { optimize: false },
    unicodeRegExp: false,
    validateSchema: false,
    logger: false,
  });
  formats.default(ajv);
  for (const name of FREE_FORMATS) ajv.addFormat(name, true);
  const compiled: Record<Mode, Map<OpenApiSchema, ValidateFunction>> = {
    open: new Map(),
    closed: new Map(),
  };

  /** Names the reached component to Ajv, and what it reaches in turn. */
  function component(name: string, mode: Mode, isPart: boolean): string {
    const id = `https://contract.test/${mode}${isPart ? '-part' : ''}/${name}`;
    const schema = schemas[name];
    if (!schema) throw new Error(`the description has no schema ${name}`);
    if (!known.has(id)) {
      known.add(id);
      ajv.addSchema({ ...convert(schema, mode, naming, isPart), $id: id });
    }
    return id;
  }
  const known = new Set<string>();

  /**
   * A big object by a name of its own. The descriptions repeat users, repositories and pull requests in full a
   * hundred times: so each is compiled once.
   */
  function share(object: JsonSchema): JsonSchema {
    if (Object.keys(object.properties ?? {}).length < WORTH_A_NAME) return object;
    const text = JSON.stringify(object);
    const id = shared.get(text) ?? `https://contract.test/shared/${shared.size}`;
    if (!shared.has(text)) {
      shared.set(text, id);
      ajv.addSchema({ ...object, $id: id });
    }
    return { $ref: id };
  }
  const shared = new Map<string, string>();
  const naming: Naming = { component, share };

  return (schema, mode) => {
    const before = compiled[mode].get(schema);
    if (before) return before;
    const validate = ajv.compile(convert(schema, mode, naming));
    compiled[mode].set(schema, validate);
    return validate;
  };
}

/** How schemas get names by which others can refer to them. */
interface Naming {
  component(name: string, mode: Mode, isPart: boolean): string;
  share(object: JsonSchema): JsonSchema;
}

/**
 * OpenAPI's schema as JSON Schema 2019-09. `oneOf` becomes `anyOf`, because many of GitHub's alternatives overlap.
 * `nullable` is https://spec.openapis.org/oas/v3.0.3#fixed-fields-20
 */
function convert(schema: OpenApiSchema, mode: Mode, naming: Naming, isPart = false): JsonSchema {
  const result: JsonSchema = {};
  if (schema.$ref !== undefined) result.$ref = naming.component(refName(schema.$ref), mode, isPart);
  if (schema.type !== undefined) result.type = schema.type;
  if (schema.enum)
    result.enum = [...schema.enum, ...newerThan(schema.enum), ...(schema.nullable ? [null] : [])];
  for (const key of COPIED) {
    const value = (schema as Record<string, unknown>)[key];
    if (value !== undefined) result[key] = value;
  }
  if (schema.properties) {
    const entries = Object.entries(schema.properties);
    result.properties = Object.fromEntries(
      entries.map(([name, each]) => [name, convert(each, mode, naming)]),
    );
  }
  if (schema.items) result.items = convert(schema.items, mode, naming);
  if (schema.not) result.not = convert(schema.not, 'open', naming);
  const parts = convertParts(schema, mode, naming, result);
  convertAdditional(schema, mode, naming, result, isPart, parts);
  return naming.share(schema.nullable ? orNull(result) : result);
}

/**
 * The list of events that an App may subscribe to is older than some of them:
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads#merge_group
 */
function newerThan(values: readonly unknown[]): string[] {
  return values.includes('content_reference') && !values.includes('merge_group') ? ['merge_group'] : [];
}

/** The alternatives and parts of a schema; says whether there are any. */
function convertParts(schema: OpenApiSchema, mode: Mode, naming: Naming, result: JsonSchema): boolean {
  const part = (each: OpenApiSchema) => convert(each, mode, naming, true);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) result.anyOf = alternatives.map(part);
  if (schema.allOf) result.allOf = schema.allOf.map(part);
  return Boolean(alternatives || schema.allOf);
}

function convertAdditional(
  schema: OpenApiSchema,
  mode: Mode,
  naming: Naming,
  result: JsonSchema,
  isPart: boolean,
  hasParts: boolean,
): void {
  const { additionalProperties: additional } = schema;
  // A part that takes anything would open the whole that it belongs to.
  if (additional !== undefined && !(mode === 'closed' && isPart && additional === true)) {
    result.additionalProperties =
      typeof additional === 'object' ? convert(additional, mode, naming) : additional;
    return;
  }
  if (mode === 'open' || isPart) return;
  if (schema.properties || hasParts) result.unevaluatedProperties = false;
}

function orNull(schema: JsonSchema): JsonSchema {
  const isPlain = !schema.$ref && !schema.anyOf && !schema.allOf && !schema.not;
  if (isPlain && typeof schema.type === 'string') return { ...schema, type: [schema.type, 'null'] };
  return { anyOf: [schema, { type: 'null' }] };
}

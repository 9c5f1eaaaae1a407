import { readFileSync } from 'node:fs';

/** A schema as OpenAPI writes it; only the keywords that schema.ts reads have a type. */
export interface OpenApiSchema {
  $ref?: string;
  type?: string | string[];
  nullable?: boolean;
  enum?: unknown[];
  required?: string[];
  properties?: Record<string, OpenApiSchema>;
  items?: OpenApiSchema;
  additionalProperties?: boolean | OpenApiSchema;
  oneOf?: OpenApiSchema[];
  anyOf?: OpenApiSchema[];
  allOf?: OpenApiSchema[];
  not?: OpenApiSchema;
}

export interface Content {
  [mediaType: string]: { schema?: OpenApiSchema };
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: OpenApiSchema;
  /** The value may contain slashes. */
  'x-multi-segment'?: boolean;
}

export interface Operation {
  operationId: string;
  parameters?: (Parameter | Reference)[];
  requestBody?: { required?: boolean; content: Content };
  responses: Record<string, { content?: Content } | Reference>;
}

interface Reference {
  $ref: string;
}

interface Components {
  schemas: Record<string, OpenApiSchema>;
  parameters?: Record<string, Parameter>;
  responses?: Record<string, { content?: Content }>;
}

export interface ApiDescription {
  paths: Record<string, Record<string, Operation>>;
  components: Components;
}

export interface DescribedWebhook {
  parameters: Parameter[];
  requestBody: { content: Content };
}

export interface WebhookDescription {
  webhooks: Record<string, { post: DescribedWebhook }>;
  components: Components;
}

/** GitHub's description of its REST API: https://github.com/octokit/openapi */
export function readApiDescription(): ApiDescription {
  return read('@octokit/openapi/generated/api.github.com.json') as ApiDescription;
}

/** GitHub's description of its webhooks: https://github.com/octokit/openapi-webhooks */
export function readWebhookDescription(): WebhookDescription {
  return read('@octokit/openapi-webhooks/generated/api.github.com.json') as WebhookDescription;
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`./node_modules/${name}`, import.meta.url), 'utf8'));
}

/** What stands at `#/components/KIND/NAME`, or the thing itself when it is no reference. */
export function dereference<Kind extends 'parameters' | 'responses', Thing extends object>(
  components: Components,
  kind: Kind,
  thing: Thing | Reference,
): Thing {
  if (!('$ref' in thing)) return thing;
  const found = components[kind]?.[refName(thing.$ref)];
  if (!found) throw new Error(`the description has no ${thing.$ref}`);
  return found as unknown as Thing;
}

/** `simple-user` of `#/components/schemas/simple-user`. */
export function refName(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}

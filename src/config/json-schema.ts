import { z } from 'zod';
import { configSchema } from './schema.ts';

/** The part of JSON Schema that the config's schema is made of. */
export interface JsonSchema {
  type?: string;
  description?: string;
  default?: unknown;
  examples?: unknown[];
  const?: unknown;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
}

/** JSON Schema (draft 2020-12) of `.github/sluice.yml`, for editors. It cannot say all that `parseConfig` checks. */
export function configJsonSchema(): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-2020-12' });
  const head = {
    $schema,
    $id: 'urn:sluice:schema:config',
    title: 'Sluice configuration',
    description: 'How releases move through the environments of this repository: .github/sluice.yml.',
  };
  return { ...head, ...(schema as JsonSchema) };
}

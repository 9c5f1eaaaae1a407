import {
  type ApiDescription,
  dereference,
  type OpenApiSchema,
  type Operation,
  type Parameter,
} from './description.ts';

/** What GitHub calls an endpoint, with its parameters looked up. */
export interface Endpoint {
  method: string;
  /** As GitHub's documentation writes it: `/repos/{owner}/{repo}`. */
  template: string;
  operation: Operation;
  queryParameters: Map<string, Parameter>;
}

/** Finds the endpoint of a call; null when GitHub has none there. */
export function makeEndpointFinder(
  description: ApiDescription,
): (method: string, path: string) => Endpoint | null {
  const byMethod = new Map<string, { pattern: RegExp; endpoint: () => Endpoint }[]>();
  const templates = Object.keys(description.paths).sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  for (const template of templates) {
    for (const [method, operation] of Object.entries(description.paths[template]!)) {
      const candidates = byMethod.get(method.toUpperCase()) ?? [];
      byMethod.set(method.toUpperCase(), candidates);
      candidates.push({
        pattern: patternOf(description, template, operation),
        endpoint: once(() => describeEndpoint(description, method, template, operation)),
      });
    }
  }
  return (method, path) =>
    byMethod
      .get(method)
      ?.find(({ pattern }) => pattern.test(path))
      ?.endpoint() ?? null;
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Fixed parts come before parameters, and longer paths before those that they begin with. */
function sortKey(template: string): string {
  return `${template.replace(/\{[^}]+\}/g, '~')}\x7f`;
}

function parametersOf(description: ApiDescription, operation: Operation): Parameter[] {
  return (operation.parameters ?? []).map((each) =>
    dereference<'parameters', Parameter>(description.components, 'parameters', each),
  );
}

function patternOf(description: ApiDescription, template: string, operation: Operation): RegExp {
  const isLong = (name: string) =>
    parametersOf(description, operation).some((each) => each.name === name && each['x-multi-segment']);
  const source = template
    .split(/(\{[^}]+\})/)
    .map((part) => {
      if (!part.startsWith('{')) return part.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
      return isLong(part.slice(1, -1)) ? '.*' : '[^/]+';
    })
    .join('');
  return new RegExp(`^${source}$`);
}

function describeEndpoint(
  description: ApiDescription,
  method: string,
  template: string,
  operation: Operation,
): Endpoint {
  const query = parametersOf(description, operation).filter((each) => each.in === 'query');
  return {
    method: method.toUpperCase(),
    template,
    operation,
    queryParameters: new Map(query.map((each) => [each.name, each])),
  };
}

/** A query's text as the value that its schema means; the text itself when it cannot be that. */
export function valueOfText(schema: OpenApiSchema, text: string): unknown {
  if (/^(integer|number)$/.test(String(schema.type)) && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (schema.type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  if (schema.type === 'array') return text.split(',');
  return text;
}

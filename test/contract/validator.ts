import type { ErrorObject } from 'ajv/dist/2019.js';
import type { Exchange, Sent } from '../../src/sandbox/observe.ts';
import {
  type ApiDescription,
  type Content,
  type DescribedWebhook,
  dereference,
  type OpenApiSchema,
  readApiDescription,
  readWebhookDescription,
} from './description.ts';
import { LEFT_OUT } from './left-out.ts';
import { type Endpoint, makeEndpointFinder, valueOfText } from './operations.ts';
import { type FindErrors, makeErrorFinder } from './schema.ts';

/** Holds what a local GitHub said to what GitHub says of itself; each violation is a sentence for people. */
export interface Validator {
  checkExchange(exchange: Exchange): string[];
  checkDelivery(sent: Sent): string[];
}

/**
 * Answers that GitHub may give to any call, whether the operation names them or not.
 * https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
 */
const COMMON_STATUSES = [304, 400, 401, 403, 404, 405, 409, 410, 415, 422, 429];

/** Refused for its content: what was wrong with the request is what the caller was told. */
const REFUSED_FOR_CONTENT = [400, 422];

/** A validator of all API calls and webhooks. The descriptions are read when they are first needed. */
export function makeValidator(): Validator {
  let api: ((exchange: Exchange) => string[]) | null = null;
  let webhooks: ((sent: Sent) => string[]) | null = null;
  return {
    checkExchange(exchange) {
      api ??= makeApiCheck(readApiDescription());
      return api(exchange);
    },
    checkDelivery(sent) {
      webhooks ??= makeWebhookCheck();
      return webhooks(sent);
    },
  };
}

function makeApiCheck(description: ApiDescription): (exchange: Exchange) => string[] {
  const findEndpoint = makeEndpointFinder(description);
  const find = makeErrorFinder(description.components.schemas);
  return (exchange) => {
    const endpoint = findEndpoint(exchange.method, exchange.path);
    const call = `${exchange.method} ${exchange.path}`;
    if (!endpoint) return meant('', [`${call}: GitHub has no such operation`]);
    const { operationId } = endpoint.operation;
    const violations = meant(operationId, [
      ...checkQuery(find, endpoint, exchange),
      ...checkRequestBody(find, endpoint, exchange),
      ...checkResponse(find, description, endpoint, exchange),
    ]);
    return violations.map((each) => `${operationId} (${endpoint.method} ${endpoint.template}) ${each}`);
  };
}

function checkQuery(find: FindErrors, endpoint: Endpoint, { query, status }: Exchange): string[] {
  return [...query].flatMap(([name, text]) => {
    const parameter = endpoint.queryParameters.get(name);
    if (!parameter) return [`query: there is no parameter "${name}"`];
    if (REFUSED_FOR_CONTENT.includes(status)) return [];
    return explain(find(parameter.schema, 'open', valueOfText(parameter.schema, text)), `query ${name}`);
  });
}

function checkRequestBody(find: FindErrors, endpoint: Endpoint, exchange: Exchange): string[] {
  const { requestBody: text, status } = exchange;
  const described = endpoint.operation.requestBody;
  const json = text === '' ? undefined : parse(text);
  if (json === undefined) {
    const isMissing = described?.required && status < 400;
    return isMissing ? ['request: the body is missing'] : [];
  }
  const schema = described && jsonSchemaOf(described.content);
  const isEmpty = json !== null && typeof json === 'object' && Object.keys(json).length === 0;
  if (!schema) return described || isEmpty ? [] : ['request: the operation takes no body'];
  const found = explain(find(schema, 'closed', json), 'request');
  // GitHub ignores a property that it does not know, so that a refusal is no excuse for one.
  return status < 400 ? found : found.filter((each) => each.includes('unknown property'));
}

function checkResponse(
  find: FindErrors,
  { components }: ApiDescription,
  endpoint: Endpoint,
  exchange: Exchange,
): string[] {
  const { status, responseBody, responseHeaders } = exchange;
  const place = `response ${status}`;
  const { responses } = endpoint.operation;
  const found = responses[status];
  if (!found) {
    const isCommon = COMMON_STATUSES.includes(status) || status >= 500;
    return isCommon ? [] : [`${place}: not one of ${Object.keys(responses).join(', ')}`];
  }
  const { content } = dereference<'responses', { content?: Content }>(components, 'responses', found);
  const type = responseHeaders.get('content-type') ?? '';
  if (!/^application\/((?!vnd\.github\.raw)[\w.-]+\+)?json/.test(type) || responseBody === '') {
    const isEmptyByMistake = content && status < 300 && responseBody === '' && exchange.method !== 'HEAD';
    return isEmptyByMistake && jsonSchemaOf(content) ? [`${place}: the body is missing`] : [];
  }
  const schema = content && jsonSchemaOf(content);
  // GitHub describes few of its errors; all have a body.
  if (!schema) return content || status >= 400 ? [] : [`${place}: has a body, GitHub sends none`];
  return explain(find(schema, 'open', parse(responseBody)), place);
}

/** One schema for all kinds of JSON that the content may be; kept, so that it is compiled once. */
function jsonSchemaOf(content: Content): OpenApiSchema | null {
  const before = schemasByContent.get(content);
  if (before !== undefined) return before;
  const schemas = Object.entries(content)
    .filter(([type]) => /json|vnd\.github/.test(type))
    .flatMap(([, { schema }]) => (schema ? [schema] : []));
  const schema = schemas.length > 1 ? { anyOf: schemas } : (schemas[0] ?? null);
  schemasByContent.set(content, schema);
  return schema;
}
const schemasByContent = new WeakMap<Content, OpenApiSchema | null>();

function makeWebhookCheck(): (sent: Sent) => string[] {
  const { webhooks, components } = readWebhookDescription();
  const find = makeErrorFinder(components.schemas);
  return ({ event, headers, body }) => {
    const payload = parse(body) as { action?: string };
    const described = findWebhook(webhooks, event, payload.action);
    const name = `webhook ${event}${payload.action ? `.${payload.action}` : ''}`;
    if (!described) return meant(name, [`${name}: GitHub sends no such event`]);
    const schema = jsonSchemaOf(described.post.requestBody.content);
    const violations = schema ? explain(find(schema, 'open', payload), 'payload') : [];
    violations.push(...checkHeaders(described.post, headers));
    return meant(name, violations).map((each) => `${name} ${each}`);
  };
}

/** Only an App with a secret gets a signature. */
function checkHeaders({ parameters }: DescribedWebhook, headers: Sent['headers']): string[] {
  return parameters
    .filter(({ name, required }) => required && !/signature/i.test(name))
    .filter(({ name }) => headers[name.toLowerCase()] === undefined)
    .map(({ name }) => `headers: missing ${name}`);
}

function findWebhook<Described>(
  webhooks: Record<string, Described>,
  event: string,
  action: string | undefined,
): Described | undefined {
  const dashed = (text: string) => text.replaceAll('_', '-');
  // The action of a repository dispatch is whatever its sender chose; GitHub describes it by a sample.
  if (event === 'repository_dispatch') return webhooks['repository-dispatch-sample.collected'];
  return webhooks[dashed(action === undefined ? event : `${event}-${action}`)];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a value breaks of its schema, one sentence for each place and kind. */
function explain(errors: ErrorObject[], place: string): string[] {
  const missing = new Map<string, Set<string>>();
  const sentences = new Set<string>();
  for (const error of errors) {
    const at = `${place}${error.instancePath}`;
    if (error.keyword !== 'required') sentences.add(`${at}: ${describe(error)}`);
    else missing.set(at, (missing.get(at) ?? new Set()).add(String(error.params.missingProperty)));
  }
  for (const [at, names] of missing) sentences.add(`${at}: missing ${[...names].join(', ')}`);
  return [...sentences];
}

function describe({ keyword, params, message }: ErrorObject): string {
  if (/^(additional|unevaluated)Properties$/.test(keyword)) {
    const name = params.additionalProperty ?? params.unevaluatedProperty;
    return `unknown property "${name}"`;
  }
  if (keyword === 'enum') return `must be one of ${JSON.stringify(params.allowedValues).slice(0, 200)}`;
  return message ?? keyword;
}

/** Without the differences that are meant. */
function meant(where: string, violations: string[]): string[] {
  return violations.filter(
    (violation) =>
      !LEFT_OUT.some((each) => (each.where?.test(where) ?? true) && each.violation.test(violation)),
  );
}

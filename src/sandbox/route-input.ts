import type { z } from 'zod';
import type { RouteContext, SandboxContext } from './context.ts';
import { GitHubError, notFound } from './errors.ts';

export { notFound } from './errors.ts';
export { nodeId } from './json.ts';

/** A path parameter; 404 when the route has none of that name. */
export function param(c: RouteContext, name: string): string {
  const value: string | undefined = c.req.param(name);
  if (value === undefined || value === '') throw notFound();
  return value;
}

/** A path parameter that is an id or a number; 404 otherwise, as on GitHub. */
export function numberParam(c: RouteContext, name: string): number {
  const text = param(c, name);
  if (!/^[0-9]{1,15}$/.test(text)) throw notFound();
  return Number(text);
}

/** The JSON body, checked; 400 when it is not JSON, 422 when a field is missing or of the wrong type. */
export async function bodyOf<T>(c: RouteContext, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(parseJson(await c.req.text()));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  throw new GitHubError(422, `Invalid request.\n\n${problems.join('\n')}`);
}

function parseJson(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new GitHubError(400, 'Problems parsing JSON');
  }
}

/** A 422 whose `errors` name what is wrong: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#validation-failed */
export function validationFailed(
  ...errors: { resource: string; code: string; field?: string; message?: string; value?: unknown }[]
): GitHubError {
  return new GitHubError(422, 'Validation Failed', errors);
}

/** Now, as GitHub writes it: `2026-01-31T12:00:00Z`. */
export function timestamp(sandbox: SandboxContext): string {
  return new Date(sandbox.now()).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Id of the App that makes the request, or null when a person does. */
export function actingAppId(c: RouteContext): number | null {
  const actor = c.get('actor');
  return actor.kind === 'installation' ? actor.app.id : null;
}

import { BrokenConnection } from '../call-faults.ts';
import type { RouteContext, SandboxContext } from '../context.ts';
import type { Refusal } from './layout.ts';
import { viewerOf } from './viewer.ts';

/** Answers a request to the local GitHub, as it comes over HTTP. */
export type Answer = (request: Request) => Promise<Response>;

export interface ApiCall {
  method: 'POST' | 'PUT' | 'PATCH';
  /** From `/repos/` on. */
  path: string;
  body: Record<string, unknown>;
}

export type Outcome = { data: Record<string, unknown> } | { refusal: Refusal };

/**
 * Makes a call of the API with the token of whoever looks, so that a form can do what its person can do, no more,
 * and the same follows from it.
 */
export async function callApi(
  c: RouteContext,
  sandbox: SandboxContext,
  answer: Answer,
  call: ApiCall,
): Promise<Outcome> {
  const token = viewerOf(c)?.tokens[0];
  const request = new Request(sandbox.url() + call.path, {
    method: call.method,
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(call.body),
  });
  try {
    const response = await answer(request);
    const data = (await response.json()) as Record<string, unknown>;
    return response.ok ? { data } : { refusal: { status: response.status, text: refusalText(data) } };
  } catch (error) {
    if (!(error instanceof BrokenConnection)) throw error;
    return { refusal: { status: 502, text: 'The connection broke, as a fault that was asked for has it.' } };
  }
}

/** https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#validation-failed */
function refusalText({ message, errors }: Record<string, unknown>): string {
  const details = Array.isArray(errors) ? errors.map(describe) : [];
  return [String(message), ...details].join('\n');
}

function describe(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { message, resource, field, code } = error as Record<string, unknown>;
  return String(message ?? [resource, field, code].filter(Boolean).join(' '));
}

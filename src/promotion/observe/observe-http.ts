import type { FoundJson, GateFacts, HttpFact } from '../../domain/gates/facts.ts';
import { type Known, known } from '../../domain/gates/gate.ts';
import { type HttpSpec, httpKey, inlineUrl } from '../../domain/gates/http.ts';
import { parseJsonPath, valueAt } from '../../domain/json-path.ts';
import type { HttpAnswer } from '../ports/http.ts';
import type { FoundPromotion } from '../snapshot.ts';
import type { FactsInput } from './facts-input.ts';

/** What the URLs of the `http` gates answer now, of an open promotion or of one that has no pull request yet. */
export async function observeHttp(
  input: FactsInput,
  open: FoundPromotion | null,
): Promise<Pick<GateFacts, 'http'>> {
  const http = new Map<string, Known<HttpFact>>();
  const specs = input.gates.filter((gate): gate is HttpSpec => gate.kind === 'http');
  const body = JSON.stringify(describe(input, open));
  await Promise.all(specs.map(async (spec) => http.set(httpKey(spec), await ask(input, spec, body))));
  return { http };
}

/** The promotion as it is sent: what the pull request carries, or what a new one is to carry. */
function describe({ base, due, location }: FactsInput, open: FoundPromotion | null) {
  const carried = open?.trailers ?? null;
  return {
    repository: base.repository,
    application: location.application,
    from: carried?.from ?? due?.from ?? [],
    to: location.environment,
    release: carried?.release ?? due?.release.label ?? null,
    fingerprint: carried?.fingerprint ?? due?.release.fingerprint ?? null,
    pull: open?.pull.number ?? null,
    head: open?.pull.headSha ?? null,
  };
}

async function ask({ http }: FactsInput, spec: HttpSpec, body: string): Promise<Known<HttpFact>> {
  const { url, method, json, timeoutMs, retries } = spec;
  const answer = await http.ask({
    url,
    method,
    body: method === 'POST' ? body : null,
    wantsText: json !== null,
    timeoutMs,
    retries,
  });
  return answer.known ? toFact(spec, answer.value) : answer;
}

function toFact({ url, status, json }: HttpSpec, answer: HttpAnswer): Known<HttpFact> {
  if (json === null || !status.includes(answer.status)) return known({ status: answer.status, found: null });
  if (answer.text === null) {
    const what = answer.unreadable ?? 'what was not read';
    return { known: false, reason: `${inlineUrl(url)} answered ${what}`, isPassing: true };
  }
  return known({ status: answer.status, found: find(answer.text, json.path) });
}

function find(text: string, path: string): FoundJson {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'no-json' };
  }
  const value = valueAt(json, parseJsonPath(path) ?? []);
  if (value === undefined) return { kind: 'nothing' };
  if (Array.isArray(value)) return { kind: 'list' };
  if (typeof value === 'object' && value !== null) return { kind: 'map' };
  return { kind: 'scalar', value: value as string | number | boolean | null };
}

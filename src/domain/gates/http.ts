import type { GateSpec, JsonScalar } from '../gate-spec.ts';
import type { FoundJson, GateFacts, HttpFact } from './facts.ts';
import type { GateResult } from './gate.ts';

export type HttpSpec = Extract<GateSpec, { kind: 'http' }>;

const EXCERPT_LENGTH = 60;
const URL_LENGTH = 200;

/** Names what is asked, so that the answer is found among the facts. */
export function httpKey({ url, method, json, timeoutMs, retries }: HttpSpec): string {
  return JSON.stringify([url, method, json?.path ?? null, timeoutMs, retries]);
}

/** Passes when the URL answered as the config expects, in this very look. */
export function evaluateHttp(spec: HttpSpec, facts: GateFacts, nowMs: number): GateResult {
  const gate = `http ${new URL(spec.url).host}`;
  const next = { lookAgainAtMs: nowMs + spec.everyMs, lookEveryMs: spec.everyMs };
  const answer = facts.http.get(httpKey(spec));
  if (!answer) return { gate, state: 'waiting', reason: `${inlineUrl(spec.url)} was not asked` };
  if (!answer.known) {
    const result: GateResult = { gate, state: 'waiting', reason: answer.reason };
    return answer.isPassing ? { ...result, ...next } : result;
  }
  const who = inlineUrl(spec.url);
  const { status } = answer.value;
  if (status >= 300 && status < 400) {
    const reason = `${who} answered ${status}, a redirect, and Sluice follows none; write the URL that it leads to`;
    return { gate, state: 'failed', reason, ...next };
  }
  const mismatch = findMismatch(spec, answer.value);
  if (mismatch === null)
    return { gate, state: 'passed', reason: `${who} ${describeMatch(spec, status)}`, ...next };
  const state = spec.onMismatch === 'fail' ? 'failed' : 'waiting';
  return { gate, state, reason: `${who} ${mismatch}; Sluice asks again`, ...next };
}

/** Without its query, which may hold what is not for everybody's eyes. */
export function describeUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** The same as inline code. */
export function inlineUrl(url: string): string {
  return excerpt(describeUrl(url), URL_LENGTH);
}

/** How an answer differs from what is expected; null when it does not. */
function findMismatch({ status, json }: HttpSpec, answer: HttpFact): string | null {
  if (!status.includes(answer.status)) return `answered ${answer.status}, not ${status.join(' or ')}`;
  if (json === null) return null;
  const { found } = answer;
  if (found?.kind === 'scalar' && found.value === json.equals) return null;
  return `answered ${answer.status} with ${describeFound(found)} at \`${json.path}\`, not ${quote(json.equals)}`;
}

function describeMatch({ json }: HttpSpec, status: number): string {
  return json === null
    ? `answered ${status}`
    : `answered ${status} with ${quote(json.equals)} at \`${json.path}\``;
}

function describeFound(found: FoundJson | null): string {
  switch (found?.kind) {
    case 'scalar':
      return quote(found.value);
    case 'map':
    case 'list':
      return `a ${found.kind}`;
    case 'no-json':
      return 'what is no JSON, so nothing';
    default:
      return 'nothing';
  }
}

function quote(value: JsonScalar): string {
  return excerpt(JSON.stringify(value), EXCERPT_LENGTH);
}

/** The beginning of a text as inline code, which nothing in it can end. */
function excerpt(text: string, most: number): string {
  const characters = [...text.replace(/[`\p{Cc}\p{Cf}\u2028\u2029]/gu, '·')];
  const start = characters.slice(0, most).join('');
  return `\`${start}${characters.length > most ? '…' : ''}\``;
}

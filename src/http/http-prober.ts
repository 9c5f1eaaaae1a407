import pRetry from 'p-retry';
import { known, unknown } from '../domain/gates/gate.ts';
import type { HttpAnswer, HttpProber, HttpQuestion } from '../promotion/ports/http.ts';
import type { Log } from '../promotion/ports/log.ts';
import { isAddressAllowed } from './addresses.ts';
import { guardedConnector, RefusedAddressError } from './guarded-connector.ts';
import { isHostAllowed } from './host-rules.ts';
import type { HttpOptions } from './http-options.ts';
import { send } from './send.ts';

/** An answer that may be another one in a moment. */
class PassingAnswer extends Error {
  readonly answer: HttpAnswer;
  constructor(answer: HttpAnswer) {
    super(`status ${answer.status}`);
    this.answer = answer;
  }
}

/** No answer came. Of the error behind it only the code is kept: a message may hold anything. */
class NoAnswer extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

const FIRST_RETRY_MS = 200;
/** https://www.rfc-editor.org/rfc/rfc6585#section-4 */
const TOO_MANY_REQUESTS = 429;

/** Asks over the network, within what the operator allows. `lookup` is how names become addresses. */
export function makeHttpProber(
  options: HttpOptions,
  log: Log,
  lookup?: Parameters<typeof guardedConnector>[1],
): HttpProber {
  const connect = guardedConnector((address) => isAddressAllowed(address, options.addresses), lookup);
  return {
    async ask(question) {
      const refusal = refuse(options, question);
      if (refusal !== null) return unknown(refusal);
      const { host } = new URL(question.url);
      const signal = AbortSignal.timeout(question.timeoutMs);
      const sendOnce = async () => {
        const answer = await send(question, { connect, secret: options.secret ?? '', signal }).catch(rethrow);
        if (answer.status < 500 && answer.status !== TOO_MANY_REQUESTS) return answer;
        throw new PassingAnswer(answer);
      };
      const shouldRetry = ({ error }: { error: Error }) =>
        !signal.aborted && !(error instanceof RefusedAddressError);
      const retry = { retries: question.retries, minTimeout: FIRST_RETRY_MS, signal, shouldRetry };
      try {
        return known(await pRetry(sendOnce, retry));
      } catch (error) {
        if (error instanceof PassingAnswer) return known(error.answer);
        const why = explain(error, signal.aborted);
        log.info({ host, why }, 'an http gate got no answer');
        return { ...unknown(`\`${host}\` ${why}`), isPassing: true };
      }
    },
  };
}

/** Why a question may not be asked at all; null when it may. */
function refuse({ hosts, secret, allowsInsecure }: HttpOptions, question: HttpQuestion): string | null {
  if (!URL.canParse(question.url)) return 'this URL cannot be asked';
  const url = new URL(question.url);
  if (url.username !== '' || url.password !== '') return 'this URL cannot be asked';
  if (!isHostAllowed(hosts, url))
    return `Sluice may not call \`${url.host}\`: its operator must add that to SLUICE_HTTP_ALLOWED_HOSTS`;
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && allowsInsecure))
    return `Sluice calls only https; write https:, or its operator sets SLUICE_HTTP_ALLOW_INSECURE`;
  return question.body !== null && secret === null
    ? 'Sluice sends nothing unsigned: its operator must set SLUICE_HTTP_SECRET'
    : null;
}

function explain(error: unknown, isLate: boolean): string {
  if (error instanceof RefusedAddressError)
    return 'has an address that is not public, which Sluice does not call; its operator can allow it with SLUICE_HTTP_ALLOWED_ADDRESSES';
  if (isLate) return 'did not answer in time; Sluice asks again';
  const code = error instanceof NoAnswer ? error.code : 'no reason is known';
  return `did not answer (${code}); Sluice asks again`;
}

/** Codes of Node and undici are words in capitals. */
function rethrow(error: unknown): never {
  if (error instanceof RefusedAddressError) throw error;
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  throw new NoAnswer(/^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : 'no reason is known');
}

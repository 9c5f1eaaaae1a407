import { Agent, request } from 'undici';
import { isAddressAllowed } from './addresses.ts';
import { guardedConnector, RefusedAddressError } from './guarded-connector.ts';
import type { HttpOptions } from './http-options.ts';

const LONGEST_MS = 10_000;

/**
 * Makes what posts JSON to an address of the operator's and tells the status. It connects where `http` gates may: to
 * public addresses, and those that the operator allows; follows no redirect, uses no proxy, reads no answer. What it
 * throws has no address in it: that is a secret.
 */
export function makePost(
  { addresses, allowsInsecure }: Pick<HttpOptions, 'addresses' | 'allowsInsecure'>,
  lookup?: Parameters<typeof guardedConnector>[1],
): (url: string, body: string, headers: Record<string, string>) => Promise<number> {
  const connect = guardedConnector((address) => isAddressAllowed(address, addresses), lookup);
  return async (url, body, headers) => {
    if (new URL(url).protocol !== 'https:' && !allowsInsecure)
      throw new Error('it is not https, and SLUICE_HTTP_ALLOW_INSECURE is not set');
    const dispatcher = new Agent({ connect });
    try {
      const response = await request(url, {
        dispatcher,
        method: 'POST',
        body,
        signal: AbortSignal.timeout(LONGEST_MS),
        headers: { 'user-agent': 'sluice', 'content-type': 'application/json', ...headers },
      });
      response.body.on('error', () => undefined).destroy();
      return response.statusCode;
    } catch (error) {
      throw new Error(explain(error));
    } finally {
      await dispatcher.destroy();
    }
  };
}

function explain(error: unknown): string {
  if (error instanceof RefusedAddressError)
    return 'it has an address that is not public; SLUICE_HTTP_ALLOWED_ADDRESSES can allow it';
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return /^[A-Z][A-Z0-9_]{1,60}$/.test(code)
    ? `no answer (${code})`
    : `no answer within ${LONGEST_MS / 1_000} s`;
}

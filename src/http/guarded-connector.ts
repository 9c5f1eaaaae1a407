import { lookup as resolve } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';

/** The host is, or has, an address that is not to be called. */
export class RefusedAddressError extends Error {}

const CONNECT_TIMEOUT_MS = 30_000;

/**
 * Connects to allowed addresses only. The addresses are judged where the connection takes them, so a name that resolves
 * to something else a moment later cannot get past.
 */
export function guardedConnector(
  isAllowed: (address: string) => boolean,
  lookup: typeof resolve = resolve,
): buildConnector.connector {
  const connect = buildConnector({ lookup: guardLookup(isAllowed, lookup), timeout: CONNECT_TIMEOUT_MS });
  return (options, callback) => {
    // Node looks up names only: https://nodejs.org/docs/latest-v20.x/api/net.html#socketconnectoptions-connectlistener
    const host = options.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !isAllowed(host)) callback(new RefusedAddressError(host), null);
    else connect(options, callback);
  };
}

/** One address that is not allowed refuses all: a name that mixes them is up to no good. */
function guardLookup(isAllowed: (address: string) => boolean, lookup: typeof resolve): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const first = addresses?.[0];
      if (error) callback(error, '', 0);
      else if (!first || !addresses.every(({ address }) => isAllowed(address)))
        callback(new RefusedAddressError(hostname), '', 0);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

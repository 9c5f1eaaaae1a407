/** A base in another repository, as a kustomization names it. */
export interface RemoteBase {
  /** `github.com/acme/checkout`: host in lower case, and repository. */
  name: string;
  ref: string;
  /** Offsets of the ref in the text of the URL. */
  refStart: number;
  refEnd: number;
}

const REF = /[?&]ref=([^&#\s]*)/;
const HOST = /^(?:[a-z0-9-]+\.)+[a-z0-9-]+(?::\d+)?$/i;

/**
 * Reads a URL or go-getter string with `?ref=`; null for a local path, and for a base without a ref.
 * https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md
 */
export function parseRemoteBase(text: string): RemoteBase | null {
  const match = REF.exec(text);
  const ref = match?.[1];
  if (!match || !ref) return null;
  const name = repositoryOf(text.slice(0, text.indexOf('?')));
  if (!name || !text.slice(0, match.index + 1).includes('?')) return null;
  const refStart = match.index + match[0].length - ref.length;
  return { name, ref, refStart, refEnd: refStart + ref.length };
}

function repositoryOf(address: string): string | null {
  const bare = address.replace(/^git::/i, '').replace(/^[a-z][a-z0-9+.-]*:\/\//i, '');
  const hasScheme = bare !== address;
  // `git@github.com:acme/checkout`, and the same with a slash after a scheme.
  const withoutUser = bare.replace(/^[^/@]*@/, '');
  const [, host = '', separator, path = ''] = /^([^/]*?)([/]|:(?!\d+\/))(.*)$/.exec(withoutUser) ?? [];
  const isHost = HOST.test(host) || (hasScheme && /^[a-z0-9-]+(?::\d+)?$/i.test(host));
  if (!isHost || !separator) return null;
  const repository = repositoryPath(host.toLowerCase(), path);
  return repository && `${host.toLowerCase()}/${repository}`;
}

/** The part of the path that names the repository: up to `.git` or `//`, after `_git/` (Azure), else two segments. */
function repositoryPath(host: string, path: string): string | null {
  const clean = path.replace(/^\/+/, '');
  const marked =
    /^(.+?)\.git(?:\/|$)/.exec(clean)?.[1] ??
    /^(.*\/_git\/[^/]+)/.exec(clean)?.[1] ??
    (host === 'github.com' ? undefined : /^(.+?)\/\//.exec(clean)?.[1]);
  const segments = (marked ?? clean).split('/').filter((segment) => segment !== '');
  const repository = marked === undefined ? segments.slice(0, 2) : segments;
  return repository.length < 2 ? null : repository.join('/');
}

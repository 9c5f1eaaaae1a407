import { parseRemoteBase } from '../remote-base.ts';
import { shorten } from '../yaml-file.ts';
import { NotRendered } from './source.ts';

/** Forms that kustomize always takes for a repository or a URL, even where a folder has that name. */
const REMOTE =
  /^(?:git::|(?:https?|file|ssh|git|oci|s3|gcs|hg):|[a-z][a-z0-9-]*@[^/]+[/:]|github\.com[/:]|gh:)/i;

/**
 * Throws NotRendered for what kustomize would fetch. `exists` tells that the repository has a file or folder of that
 * name: older versions also took `example.com/org/repo?ref=v1` for a repository.
 * https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md
 */
export function refuseRemote(text: string, exists: boolean): void {
  const isRemote = REMOTE.test(text.trim()) || (!exists && parseRemoteBase(text) !== null);
  if (isRemote) throw new NotRendered(`remote base ${shorten(withoutPassword(text.trim()), 200)}`);
}

/** A URL without the password that people put into some. */
export function withoutPassword(url: string): string {
  return url.replace(/(\/\/)[^/@]*@/, '$1');
}

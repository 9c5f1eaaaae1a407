import { GitHubError } from './errors.ts';

/** Base64 in lines of 60 characters, as GitHub breaks it. */
export function wrapBase64(content: Buffer): string {
  return content.toString('base64').replace(/.{1,60}/g, '$&\n');
}

/** The refusal of a blob beyond GitHub's limit: https://docs.github.com/en/rest/git/blobs#get-a-blob */
export function blobTooLarge(limitBytes: number): GitHubError {
  const megabytes = Math.max(1, Math.floor(limitBytes / (1024 * 1024)));
  return new GitHubError(
    403,
    `This API returns blobs up to ${megabytes} MB in size. ` +
      'The requested blob is too large to fetch via the API, but you can always clone the repository via Git.',
    [{ resource: 'Blob', field: 'data', code: 'too_large' }],
  );
}

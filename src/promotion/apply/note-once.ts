import type { Note } from '../plan/describe-update.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';

/** Comments, unless Sluice has said it before: after a crash nothing is said twice. */
export async function noteOnce(
  host: Pick<RepositoryReader, 'listComments'> & Pick<RepositoryWriter, 'comment'>,
  number: number,
  { mark, text }: Note,
): Promise<void> {
  const comments = await host.listComments(number);
  if (comments.some(({ isSluices, body }) => isSluices && body.includes(mark))) return;
  await host.comment(number, `${text}\n${mark}`);
}

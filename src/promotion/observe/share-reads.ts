import { onceEach } from '../once-each.ts';
import type { RepositoryReader } from '../ports/repository.ts';

/** A reader that asks for what concerns a pull request once, for all that look at the same one. For one look. */
export function shareReads(reader: RepositoryReader): RepositoryReader {
  return {
    ...reader,
    listCheckRuns: shared(reader.listCheckRuns),
    listStatuses: shared(reader.listStatuses),
    listReviews: shared(reader.listReviews),
    listComments: shared(reader.listComments),
    listPullFiles: shared(reader.listPullFiles),
    listClosedPulls: shared(reader.listClosedPulls),
    readCloser: shared(reader.readCloser),
    readComment: shared(reader.readComment),
    readRole: shared(reader.readRole),
    isTeamMember: shared(reader.isTeamMember),
    readPusher: shared(reader.readPusher),
  };
}

function shared<Arguments extends readonly (string | number)[], Result>(
  read: (...by: Arguments) => Promise<Result>,
): (...by: Arguments) => Promise<Result> {
  const ask = onceEach<Result>();
  return (...by) => ask(JSON.stringify(by), () => read(...by));
}

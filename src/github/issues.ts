import type { Issue, IssueReader, IssueWriter } from '../promotion/ports/issues.ts';
import type { Log } from '../promotion/ports/log.ts';
import { type AppIdentity, type Client, messageOf, statusOf } from './client.ts';
import { restOf } from './rate-limit.ts';
import type { RepositoryContext } from './repository-context.ts';

type RawIssue = Awaited<ReturnType<Client['rest']['issues']['get']>>['data'];

/** https://docs.github.com/en/graphql/reference/mutations#pinissue; REST has no such call. */
const PIN = 'mutation ($issue: ID!) { pinIssue(input: { issueId: $issue }) { issue { id } } }';

/** Issues of a repository over REST, and what only GraphQL can do with them. */
export function makeIssues(
  { client, identity, owner, name }: RepositoryContext,
  log: Log,
): IssueReader & IssueWriter {
  const repo = { owner, repo: name };
  return {
    async readIssue(number) {
      try {
        const { data } = await client.rest.issues.get({ ...repo, issue_number: number });
        return toIssue(data, `${owner}/${name}`, identity);
      } catch (error) {
        // https://docs.github.com/en/rest/issues/issues#get-an-issue: 404, 410 when it was deleted
        if ([404, 410].includes(statusOf(error) ?? 0)) return null;
        throw error;
      }
    },
    async listOwnIssues(label) {
      const { data } = await client.rest.issues.listForRepo({
        ...repo,
        creator: identity.botLogin,
        labels: label,
        state: 'all',
        sort: 'created',
        direction: 'asc',
        per_page: 100,
      });
      return data.flatMap((raw) => toIssue(raw, `${owner}/${name}`, identity) ?? []);
    },
    async openIssue({ title, body, labels }) {
      try {
        const { data } = await client.rest.issues.create({ ...repo, title, body, labels: [...labels] });
        const issue = toIssue(data, `${owner}/${name}`, identity);
        if (!issue) throw new Error('GitHub made an issue that is not the one that was asked for');
        return issue;
      } catch (error) {
        // https://docs.github.com/en/rest/issues/issues#create-an-issue: 410 when the repository has no issues
        const isRefusal = [403, 404, 410, 422].includes(statusOf(error) ?? 0);
        if (!isRefusal || restOf(error, Date.now()) !== null) throw error;
        return { refused: messageOf(error) };
      }
    },
    async updateIssue(number, { body }) {
      await client.rest.issues.update({ ...repo, issue_number: number, body });
    },
    async pinIssue(nodeId) {
      try {
        await client.graphql(PIN, { issue: nodeId });
        return true;
      } catch (error) {
        if (restOf(error, Date.now()) !== null) throw error;
        log.info({ repository: `${owner}/${name}`, reason: messageOf(error) }, 'an issue is not pinned');
        return false;
      }
    },
  };
}

/** Null for what is no issue of this repository: a pull request, or one that was moved, to which GitHub leads. */
function toIssue(raw: RawIssue, fullName: string, { botLogin }: AppIdentity): Issue | null {
  const isHere = raw.repository_url.toLowerCase().endsWith(`/repos/${fullName.toLowerCase()}`);
  if (raw.pull_request || !isHere) return null;
  return {
    number: raw.number,
    nodeId: raw.node_id,
    url: raw.html_url,
    body: raw.body ?? '',
    isOpen: raw.state === 'open',
    isSluices: raw.user?.login === botLogin,
    updatedAt: raw.updated_at,
  };
}

import type { Issue, IssueReader, IssueWriter } from '../../src/promotion/ports/issues.ts';
import { BOT, isoOf, type Memory, type MemoryIssue, nextNumber, seconds, urlOf } from './state.ts';

const MOST_PINNED = 3;

/** Issues as the App reads and writes them, in memory. */
export function makeMemoryIssues(memory: Memory): IssueReader & IssueWriter {
  const { issues } = memory;
  const show = ({ number, author, body, isOpen, updatedMs }: MemoryIssue): Issue => ({
    number,
    nodeId: `issue-${number}`,
    url: urlOf(memory, `issues/${number}`),
    body,
    isOpen,
    isSluices: author === BOT,
    updatedAt: isoOf(updatedMs),
  });
  return {
    async readIssue(number) {
      const issue = issues.get(number);
      return issue ? show(issue) : null;
    },
    async listOwnIssues(label) {
      return [...issues.values()]
        .filter(({ author, labels }) => author === BOT && labels.includes(label))
        .map(show);
    },
    async openIssue({ body, labels }) {
      return show(addIssue(memory, { author: BOT, body, labels }));
    },
    async updateIssue(number, { body }) {
      Object.assign(issues.get(number)!, { body, updatedMs: seconds(memory) });
    },
    async pinIssue(nodeId) {
      const pinned = [...issues.values()].filter(({ isPinned }) => isPinned);
      const issue = [...issues.values()].find((each) => show(each).nodeId === nodeId)!;
      if (!issue.isPinned && pinned.length === MOST_PINNED) return false;
      issue.isPinned = true;
      return true;
    },
  };
}

export function addIssue(memory: Memory, what: Pick<MemoryIssue, 'author' | 'body' | 'labels'>): MemoryIssue {
  const number = nextNumber(memory);
  const issue = { ...what, number, isOpen: true, isPinned: false, updatedMs: seconds(memory) };
  memory.issues.set(number, issue);
  return issue;
}

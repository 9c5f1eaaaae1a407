/** An issue, which is no pull request. */
export interface Issue {
  number: number;
  /** By which GraphQL knows it. */
  nodeId: string;
  url: string;
  body: string;
  isOpen: boolean;
  /** The App itself wrote it. */
  isSluices: boolean;
  /** ISO 8601, by GitHub's clock. */
  updatedAt: string;
}

export interface IssueReader {
  /** Null when it was deleted or moved away, or is a pull request. */
  readIssue(number: number): Promise<Issue | null>;
  /** Issues that the App wrote and that have the label, open and closed; the oldest hundred, oldest first. */
  listOwnIssues(label: string): Promise<Issue[]>;
}

export interface IssueWriter {
  /** Says why when GitHub does not let it: a repository may have no issues. Labels that are missing are made. */
  openIssue(input: {
    title: string;
    body: string;
    labels: readonly string[];
  }): Promise<Issue | { refused: string }>;
  updateIssue(number: number, change: { body: string }): Promise<void>;
  /** False when GitHub does not let it: three are pinned already, say. */
  pinIssue(nodeId: string): Promise<boolean>;
}

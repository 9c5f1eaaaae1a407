import {
  type ASTVisitor,
  execute,
  FieldsOnCorrectTypeRule,
  GraphQLError,
  type GraphQLFieldResolver,
  parse,
  specifiedRules,
  type ValidationContext,
  validate,
} from 'graphql';
import { SCHEMA } from './schema.ts';

/** An object of the answer: its fields are values, or functions that are only asked when the query names them. */
export interface GraphObject {
  type: string;
  fields: Record<string, GraphField>;
}

export type GraphField = unknown | ((args: Record<string, unknown>) => unknown);

/** One entry of `errors`: https://docs.github.com/en/graphql/guides/forming-calls-with-graphql */
interface GraphProblem {
  message: string;
  type?: string;
  path?: readonly (string | number)[];
  locations?: readonly { line: number; column: number }[];
  extensions?: Record<string, unknown>;
}

/** What a resolver throws to refuse: `NOT_FOUND`, `FORBIDDEN`, `UNPROCESSABLE`. */
export class GraphError extends Error {
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

export interface GraphAnswer {
  data?: Record<string, unknown> | null;
  errors?: GraphProblem[];
}

export interface GraphRequest {
  query: string;
  variables: Record<string, unknown>;
  operationName: string | null;
}

export interface Roots {
  query: GraphObject;
  mutation: GraphObject;
}

/**
 * Answers a document. All of it is checked before anything is done; then what a root field refuses is null, with
 * an error that says why. @throws whatever a resolver throws that is no GraphError
 */
export async function answerDocument(
  { query, variables, operationName }: GraphRequest,
  roots: Roots,
): Promise<GraphAnswer> {
  const document = parseOrProblem(query);
  if (document instanceof GraphQLError) return { errors: [syntaxProblem(document)] };
  const mistakes = validate(SCHEMA, document, RULES);
  if (mistakes.length > 0) return { errors: mistakes.map((mistake) => mistake.toJSON()) };
  const { data, errors } = await execute({
    schema: SCHEMA,
    document,
    variableValues: variables,
    operationName,
    rootValue: roots,
    fieldResolver: resolveField,
    typeResolver: (value) => (value as GraphObject).type,
  });
  const problems = errors?.map(refusalOf);
  return { ...(data === undefined ? {} : { data }), ...(problems ? { errors: problems } : {}) };
}

function parseOrProblem(query: string): ReturnType<typeof parse> | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

function syntaxProblem(error: GraphQLError): GraphProblem {
  const { locations, message } = error;
  return { message: message.includes('<EOF>') ? 'Unexpected end of document' : message, locations };
}

const resolveField: GraphQLFieldResolver<GraphObject | Roots, unknown> = (source, args, _context, info) => {
  const object =
    'fields' in source ? source : source[info.operation.operation === 'query' ? 'query' : 'mutation'];
  const known = object.fields[info.fieldName];
  return typeof known === 'function' ? known(args) : known;
};

function refusalOf(error: GraphQLError): GraphProblem {
  const { message, path, locations, originalError } = error;
  if (originalError instanceof GraphError) return { type: originalError.type, path, locations, message };
  // Without one, the library itself has an objection: a variable that is missing, say.
  if (originalError === undefined || originalError instanceof GraphQLError) return error.toJSON();
  throw originalError;
}

/** GitHub has words of its own for a field that is not there. */
function refuseUnknownFields(context: ValidationContext): ASTVisitor {
  return {
    Field(node) {
      const type = context.getParentType();
      if (!type || context.getFieldDef()) return;
      const [typeName, fieldName] = [type.name, node.name.value];
      const extensions = { code: 'undefinedField', typeName, fieldName };
      const message = `Field '${fieldName}' doesn't exist on type '${typeName}'`;
      context.reportError(new GraphQLError(message, { nodes: node, extensions }));
    },
  };
}

const RULES = [...specifiedRules.filter((rule) => rule !== FieldsOnCorrectTypeRule), refuseUnknownFields];

/** A list as GraphQL pages it; here always its first page. https://docs.github.com/en/graphql/guides/using-pagination-in-the-graphql-api */
export function connection(type: string, nodes: GraphObject[], totalCount = nodes.length): GraphObject {
  const pageInfo = {
    hasNextPage: totalCount > nodes.length,
    hasPreviousPage: false,
    startCursor: null,
    endCursor: null,
  };
  return {
    type: `${type}Connection`,
    fields: {
      nodes,
      totalCount,
      edges: nodes.map((node) => ({ type: `${type}Edge`, fields: { node, cursor: '' } })),
      pageInfo: { type: 'PageInfo', fields: pageInfo },
    },
  };
}

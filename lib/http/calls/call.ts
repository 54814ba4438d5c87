/** How a call of the API is declared: requests are checked against it, and the OpenAPI document is made from it. */
import { z } from 'zod';
import type { ProblemType } from '../../problems.ts';

export interface Call<Query extends z.ZodObject = z.ZodObject, Body extends z.ZodType = z.ZodType> {
  /** Its `operationId`. */
  id: string;
  tag: 'tasks' | 'jobs' | 'uploads' | 'presets' | 'callbacks' | 'service';
  method: 'GET' | 'POST' | 'DELETE';
  /** Below `/api`. */
  route: string;
  summary: string;
  description?: string;
  query: Query;
  json?: JsonBody<Body>;
  /** Of a call whose handler reads the query and bodies other than JSON by itself: what they may be, by media type. */
  raw?: Record<string, z.ZodType>;
  answers: Record<number, Answer>;
  /** Besides those that any call can meet. */
  problems: readonly ProblemType[];
  /** Of a POST whose answer must not be kept, as it holds signed links: it heeds no Idempotency-Key, and may be sent again. */
  answerNotKept?: true;
  /** Whether it asks nobody for a key. */
  open?: true;
}

interface JsonBody<Body extends z.ZodType> {
  schema: Body;
  maxBytes: number;
  /** How many objects, arrays, strings, numbers, booleans and nulls there may be. */
  maxValues: number;
}

export interface Answer {
  description: string;
  /** By media type; none for an answer without a body. */
  content?: Record<string, z.ZodType>;
  headers?: z.ZodObject;
}

type Declaration<Query extends z.ZodObject, Body extends z.ZodType> = Omit<Call<Query, Body>, 'query'> & {
  query?: Query;
};

const noQuery = z.strictObject({});

export function defineEndpoint<Query extends z.ZodObject = typeof noQuery, Body extends z.ZodType = z.ZodNever>(
  declaration: Declaration<Query, Body>,
): Call<Query, Body> {
  return { query: noQuery as unknown as Query, ...declaration };
}

/** The answer of a call that gives JSON. */
export function jsonAnswer(description: string, schema: z.ZodType, headers?: z.ZodObject): Answer {
  return { description, content: { 'application/json': schema }, ...(headers && { headers }) };
}

/** Bytes of any kind. */
export const bytes = z.string().meta({ override: { type: 'string', format: 'binary' } });

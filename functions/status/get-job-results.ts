import type { HttpResponseInit } from '@azure/functions';
import { getJobResults as call, type resultFormats } from '../../lib/http/calls/jobs.ts';
import {
  failureTable,
  objectTable,
  resultLines,
  resultTable,
  resultZip,
  valueLines,
} from '../../lib/http/job-results.ts';
import { contentDisposition } from '../../lib/storage/links.ts';
import { endpoint } from '../endpoint.ts';
import { storage } from '../storage.ts';
import { findJob } from './find-job.ts';

const formats = {
  zip: { contentType: 'application/zip', stream: resultZip },
  csv: { contentType: 'text/csv; charset=utf-8', stream: resultTable },
  'objects-csv': { contentType: 'text/csv; charset=utf-8', stream: objectTable },
  'failures-csv': { contentType: 'text/csv; charset=utf-8', stream: failureTable },
  jsonl: { contentType: 'application/jsonl', stream: resultLines },
  'values-jsonl': { contentType: 'application/jsonl', stream: valueLines },
} satisfies Record<(typeof resultFormats)[number], object>;

const extensions = {
  zip: '.zip',
  csv: '.csv',
  'objects-csv': '-objects.csv',
  'failures-csv': '-failures.csv',
  jsonl: '.jsonl',
  'values-jsonl': '-values.jsonl',
};

/** Streamed: however large the file is, little of it is held at a time. */
export const getJobResults = endpoint(call, async (asked): Promise<HttpResponseInit> => {
  const job = await findJob(asked);
  const { id, name } = job;
  const { contentType, stream } = formats[asked.query.format];
  return {
    headers: {
      'Content-Type': contentType,
      'Content-Disposition': contentDisposition('attachment', `${name ?? id}${extensions[asked.query.format]}`),
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    },
    body: stream(await storage(), job),
  };
});

import { z } from 'zod';
import { workFields } from '../http/calls/work.ts';
import { workFromJson } from '../http/fields.ts';
import { needsReference } from '../imaging/steps.ts';
import type { Work } from '../imaging/work.ts';
import { issueInWords } from '../issue-words.ts';
import { maxPipelineBytes } from '../limits.ts';
import { fieldProblem, Problem, problem } from '../problems.ts';
import type { Storage } from '../storage/storage.ts';
import { pipelineOf, problemName } from './blob-created.ts';

/** What a pipeline file may say: the same as a request, without images and callbacks. */
const schema = z.strictObject(workFields);

interface Known {
  /** Null where the folder has no pipeline. */
  etag: string | null;
  pipeline: Work | Problem;
}

/** What is to be done with the images of each folder. A file is read again when it has changed. */
export class Pipelines {
  readonly #storage: Pick<Storage, 'intake'>;
  readonly #known = new Map<string, Known>();

  constructor(storage: Pick<Storage, 'intake'>) {
    this.#storage = storage;
  }

  /** The pipeline of a folder, or what is wrong with it, which `problem.json` beside it says then. */
  async of(folder: string): Promise<Work | Problem> {
    const { intake } = this.#storage;
    const { etag, bytes } = (await intake.properties(pipelineOf(folder))) ?? { etag: null, bytes: 0 };
    const known = this.#known.get(folder);
    if (known && known.etag === etag) return known.pipeline;
    const pipeline = etag === null ? missing(folder) : await this.#read(folder, bytes);
    if (pipeline instanceof Problem) {
      const text = JSON.stringify(pipeline.details, null, 2);
      await intake.putText(`${folder}/${problemName}`, text, 'application/problem+json');
    } else {
      await intake.delete(`${folder}/${problemName}`);
    }
    this.#known.set(folder, { etag, pipeline });
    return pipeline;
  }

  async #read(folder: string, bytes: number): Promise<Work | Problem> {
    try {
      if (bytes > maxPipelineBytes)
        throw problem('body-too-large', `pipeline.json may have at most ${maxPipelineBytes} bytes.`, {
          limit: maxPipelineBytes,
        });
      const text = await this.#storage.intake.text(pipelineOf(folder));
      // Deleted between the two requests.
      return text === null ? missing(folder) : pipelineFrom(text);
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
  }
}

function missing(folder: string): Problem {
  return problem('missing-operation', `Upload ${pipelineOf(folder)}, which defines the steps for the images.`);
}

/** Throws as a request with this body would. */
function pipelineFrom(text: string): Work {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw problem('malformed-request', `pipeline.json is not JSON: ${(error as Error).message}.`);
  }
  const { data, error } = schema.safeParse(json);
  if (error) {
    const [issue] = error.issues;
    if (issue.code === 'unrecognized_keys') throw fieldProblem(issue.keys[0], 'is not a field of a pipeline');
    throw fieldProblem(issue.path.join('.') || 'pipeline.json', issueInWords(issue));
  }
  const work = workFromJson(data);
  if (needsReference(work.steps))
    throw problem('missing-reference', 'A pipeline processes one image at a time.', { field: 'steps' });
  return work;
}

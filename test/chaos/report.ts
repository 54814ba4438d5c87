/** What a run of chaos is to do, and what it saw. */
import type { Votes } from './votes.ts';

export interface ChaosOptions {
  tasks: number;
  instances: number;
  /** An instance is killed, and another started, so often, until most tasks have ended: the last ones are to be seen to their end. */
  killEverySeconds: number;
  /** The storage is stopped for so long, once; 0 for never. */
  outageSeconds: number;
  /**
   * Whether each scale group is a process of its own, as in Azure: then single processes come and go, by SIGTERM and SIGKILL in
   * turn, and every fifth time a whole machine with all of them.
   */
  hostLike: boolean;
  /** An instance that has given no sign of life for so long is taken for dead; as in the settings, if left out. */
  silentSeconds?: number;
  /** Tasks that have not ended so long after the last was accepted are lost. */
  timeoutSeconds: number;
  say: (line: string) => void;
}

export interface ChaosReport {
  seconds: number;
  kills: number;
  /** Requests that were answered by 503, and sent again. */
  refused: number;
  /** Requests to the storage, those of idle instances and retries included. */
  requestsPerTask: number;
  votes: Votes;
  /** How long the tasks of killed instances took until they ran again, in seconds. */
  recoveries: number[];
  /** What is not as it must be; nothing, if all is well. */
  faults: string[];
}

/** Where the work is done: what the deployment sets, what Azure allows, and what had to be assumed. */

/** Units are in the names; seconds if there is none. */
export interface Platform {
  /** Of an instance that processes images. */
  cores: number;
  memoryGb: number;
  /** Of a scale group (TESSERA_PROCESS_MAXIMUM). */
  maximumInstances: number;
  /** Instances that have started before the work arrives. */
  alwaysReady: number;
  /** Of a subscription in a region, for all Flex Consumption apps. */
  coreQuota: number;
  /** Cores of the instances that answer HTTP and control jobs. */
  otherCores: number;
  /** Messages that an instance holds: `batchSize` + `newBatchThreshold`. The vote of the scale controller divides by it as well. */
  messagesPerInstance: number;
  /** How often the scale controller decides, and how many instances it adds at a time. */
  decisionSeconds: number;
  instancesPerDecision: number;
  /** From the first message to the decision to start an instance, if none is running. */
  firstLookSeconds: number;
  /** From the decision to the first message that an instance takes. */
  coldStartSeconds: number;
  /** How long fewer instances must be enough before some are removed. */
  scaleInSeconds: number;
  /** Tasks that began less than this before their instance is removed are begun again elsewhere. */
  abortSeconds: number;
  /** Of one request to the storage. */
  requestSeconds: number;
  /** Between an instance and the storage. */
  bytesPerSecond: number;
  /** Storage accounts that the tasks are spread over. */
  accounts: number;
  accountRequestsPerSecond: number;
  /** What an account sends to instances, and what it receives of them. */
  accountSendsBytesPerSecond: number;
  accountReceivesBytesPerSecond: number;
  /** Puts, gets and deletes of one queue. */
  queueMessagesPerSecond: number;
  partitionEntitiesPerSecond: number;
  /** Cores that all instances share: of a machine on which several run. None in Azure. */
  sharedCores?: number;
  /** Of these, what a task takes apart from its instance. */
  sharedCpuSeconds?: number;
}

/** `azd up` with its defaults. */
export const azure: Platform = {
  cores: 1,
  memoryGb: 2,
  maximumInstances: 100,
  alwaysReady: 0,
  coreQuota: 250,
  otherCores: 1.25,
  messagesPerInstance: 3,
  decisionSeconds: 10,
  instancesPerDecision: 4,
  firstLookSeconds: 20,
  coldStartSeconds: 6,
  scaleInSeconds: 30,
  abortSeconds: 3,
  requestSeconds: 0.01,
  bytesPerSecond: 50e6,
  accounts: 1,
  accountRequestsPerSecond: 20_000,
  accountSendsBytesPerSecond: 50e9 / 8,
  accountReceivesBytesPerSecond: 25e9 / 8,
  queueMessagesPerSecond: 2000,
  partitionEntitiesPerSecond: 2000,
};

/** Requests to the storage for one task of a job, without its input's upload and the result's download; counted by test/storage/transactions.test.ts. */
export const requestsPerTask = { blobReads: 1, blobWrites: 1, rows: 3.3, messages: 3 };
/** Rows of tasks and jobs that a task of a job reads and writes. */
export const entitiesPerTask = 6.5;
/** The most that an average task sends to the log and as traces (test/telemetry). */
export const telemetryBytesPerTask = 5000;

/**
 * The limits that users can meet, apart from those an operator sets (`lib/config/settings.ts`, table in docs/operations.md).
 * Each names its unit and the reason for its value.
 */

// Requests

/** Images of one job. The list of names of so many is some 40 MB of JSON, read as a stream. */
export const maxJobImages = 100_000;
/** Files for which one request gets upload links: each link is some 500 bytes of the answer. */
export const maxUploadFiles = 1000;
/** Characters of an uploaded image's name. Blob names have 1,024, with the owner before them, and some are escaped in links. */
export const maxNameCharacters = 400;
/** Folders in an uploaded image's name: as Azure counts 254 path segments, far from any. */
export const maxNameSegments = 20;
/** Levels of a JSON body. A step's parameters need 5. */
export const maxJsonDepth = 32;
/** Characters of a continuation token: that of a storage marker of 3,000. */
export const maxTokenCharacters = 4100;
/** Characters of a callback's address: what browsers and servers take. */
export const maxCallbackCharacters = 2000;
/** Seconds that a request waits for an end. Azure's load balancer cuts connections after 230 without a byte. */
export const maxWaitSeconds = 60;
/** Bytes of a pipeline file of the intake. */
export const maxPipelineBytes = 512 * 2 ** 10;
/** Items on a page of a list. */
export const maxListItems = 100;
/** Characters of a job's name. */
export const maxJobNameCharacters = 200;
/** Characters of a task or job ID in a request. IDs are shorter; anything longer is not looked up. */
export const maxIdCharacters = 64;
/** Characters of an idempotency key: a UUID has 36, and a SHA-512 in hexadecimal digits 128. */
export const maxIdempotencyKeyCharacters = 255;
/** Characters of a request ID, as in most gateways. */
export const maxRequestIdCharacters = 128;
/** Bytes of a JSON body apart from a list of images. The longest steps are 16 kernels of 31×31 numbers. */
export const maxWorkBytes = 512 * 2 ** 10;
/** Objects, arrays, strings, numbers, booleans and nulls in such a body. */
export const maxWorkValues = 20_000;
/** Bytes of a request for upload links: `maxUploadFiles` names. */
export const maxUploadRequestBytes = 2 ** 20;
/** Uploaded images that one request deletes: within the 230 s that Azure's load balancer allows. */
export const maxDeletedUploads = 1000;
/** Images that an estimate may be about: months of work for as many instances as a subscription has. */
export const maxEstimatedImages = 1e9;
/** Downloads of each result that an estimate may count. */
export const maxEstimatedDownloads = 1000;

// Work

/** Presets of a caller. */
export const maxOwnPresets = 100;
/** Characters of a preset's steps: a table's column has 32,000. */
export const maxPresetCharacters = 30_000;
/** Characters of a preset's title and summary. */
export const maxPresetTitleCharacters = 100;
export const maxPresetSummaryCharacters = 500;
/** Steps of a task. */
export const maxSteps = 16;
/** Characters of a task's steps as JSON, with all defaults. A job repeats them in each row, 90 of which go in a transaction of 4 MB. */
export const maxStepsCharacters = 24_000;
/** The last page or frame of an image that can be requested, and that is looked for in a file. */
export const maxPage = 100_000;
/** Attempts before a task fails for good. host.json's `maxDequeueCount` need not agree: a message used up before is followed by another. */
export const maxAttempts = 5;
/** Losses, of the instance that works on a task or of its message, before it fails for good: it may be what ends the instances. */
export const maxLosses = 10;
/** Consecutive failures to create the tasks of a job before the job fails. */
export const maxDispatchFailures = 5;
/** Milliseconds that a callback's receiver has to respond. */
export const callbackTimeoutMs = 15_000;
/** Milliseconds that an undeliverable callback stays in the poison queue: a week. */
export const undeliverableLifetimeMs = 7 * 24 * 3600_000;

// Images

/** Pixels of an image that operations need as a whole: larger ones have no room on OpenCV's heap of 1 GB together with what operations need. */
export const maxWholePixels = 50e6;
/** Pixels of an image that is searched for faces: it, a copy to draw on and one of half its side have just room on that heap (0.7 GB). */
export const maxFacePixels = 100e6;
/** Pixels of a result's longer side. */
export const maxResultSide = 20_000;
/** Bytes of a deflated DICOM data set once inflated: more than the largest image of 16 bits. */
export const maxInflatedBytes = 2 ** 28;

/** Pixels of all pages of a projection: what a thread decodes in about half of the time that a task has. */
export const maxProjectedPixels = 1e9;

// Operations

/** Rows and columns of a custom kernel. */
export const maxKernelSide = 31;
/** Places where a template matches. Suppressing overlaps among more would take long, and change nothing but crowded scenes. */
export const maxTemplateCandidates = 100_000;
/** Line segments in a list, the longest: a photograph has some hundred, and more are texture. */
export const maxListedLines = 5000;
/** Objects in a list: as many as an answer can hold. */
export const maxListedObjects = 50_000;

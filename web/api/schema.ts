// Generated from the OpenAPI document (npm run docs). Do not edit.
export interface paths {
    readonly "/jobs": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List jobs
         * @description Lists the jobs that belong to the caller, or all jobs for an operator, newest first. Pages have no gaps and no duplicates, also while jobs are added.
         */
        readonly get: operations["listJobs"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/jobs/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get a job
         * @description Returns a job with its history and the probe of its source.
         */
        readonly get: operations["getJob"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/jobs/{id}/cancel": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Cancel a job
         * @description Cancels a job that has not ended and has not published its outputs.
         */
        readonly post: operations["cancelJob"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/jobs/{id}/retry": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Retry a job
         * @description Starts the next attempt of a job whose status is Error or Canceled.
         */
        readonly post: operations["retryJob"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/jobs/{id}/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Follow a job
         * @description Sends server-sent events: one event `job` with the job (JobDetails) as JSON now and after every change, until its status is terminal. The id of an event is the ETag of the document. A comment every 15 seconds keeps the connection open. One machine only.
         */
        readonly get: operations["streamJobEvents"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/routes": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List routes
         * @description Returns the routes of the stage, the uploads that it ignores and its limits on an upload, so that a client can offer destinations and refuse a file before it sends it.
         */
        readonly get: operations["listRoutes"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/presignedurl/{project}/{step}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Request the upload of a response
         * @description Records that a person responds to a step of a project, and signs the form that uploads the video. The form can be sent for five minutes. The type of the video must be in a route for the prefix `responses/`. Requests for a response that exists are rejected unless `replace` is true, or the job of its video ended as Error or Canceled; the existing response is then kept until the new video arrives.
         */
        readonly get: operations["requestResponseUpload"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/s3/params": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Sign an upload
         * @description Signs the upload of a file of up to 5 GiB in one request: a POST of a form with these fields, then the file. The form can be sent for an hour. The response to the form is 204 with the object's `ETag`. The key of a user who is not an operator has a folder with the user's id before the file name, e.g. `responses/USER_ID/lecture.mp4`; the response has the key.
         */
        readonly get: operations["signUpload"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/s3/multipart": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Start an upload in parts
         * @description Starts an upload in parts, which can be resumed. If the key exists, the object gets a new version. An upload without any change for two days is removed. The key of a user who is not an operator has a folder with the user's id before the file name, e.g. `responses/USER_ID/lecture.mp4`; the response has the key.
         */
        readonly post: operations["createUpload"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/s3/multipart/{uploadId}/{partNumber}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Sign a part
         * @description Returns the URL for a PUT of a part. The PUT's response has the part's `ETag`.
         */
        readonly get: operations["signUploadPart"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/s3/multipart/{uploadId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List the stored parts
         * @description Lists the parts that are stored, ordered by number, to resume an upload.
         */
        readonly get: operations["listUploadParts"];
        readonly put?: never;
        readonly post?: never;
        /**
         * Abort an upload
         * @description Removes an upload and its parts.
         */
        readonly delete: operations["abortUpload"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/s3/multipart/{uploadId}/complete": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Complete an upload
         * @description Stores the object from its parts. A repeated request returns the first result.
         */
        readonly post: operations["completeUpload"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/videos": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List videos
         * @description Lists the videos that belong to the caller, or all videos for an operator, newest first. A video is a job that makes something that a player can open.
         */
        readonly get: operations["listVideos"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/videos/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get a video
         * @description Returns a video.
         */
        readonly get: operations["getVideo"];
        readonly put?: never;
        readonly post?: never;
        /**
         * Delete a video
         * @description Deletes a video for ever: its outputs, its upload and its record. The video of the current version of an upload goes with all older versions of the upload and everything made from them. The first request responds with the problem `confirmation-required`, which says what will be removed; repeat it with the token of the problem. A request that was interrupted can be repeated with the same token.
         */
        readonly delete: operations["deleteVideo"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/videos/{id}/playback": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Play a video
         * @description Returns the URL for a player. For a ladder it also sets the cookies that all files of its folder need; a player sends them by itself on the same server. Both are valid for 12 hours. A token with scope `read` may call it.
         */
        readonly post: operations["playVideo"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/videos/{id}/shares": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Share a video
         * @description Returns a link by which everybody can play the video without signing in. It ends at its expiry, and when the video is deleted.
         */
        readonly post: operations["shareVideo"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/shares/{token}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Open a share
         * @description Returns how to play a shared video, as `POST /videos/{id}/playback` does. A browser that opens the link is redirected to the page of the video instead.
         */
        readonly get: operations["openShare"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/session": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get the caller
         * @description Returns whose cookie or token the request has.
         */
        readonly get: operations["getSession"];
        readonly put?: never;
        /**
         * Sign in
         * @description Checks a user's password and sets the session cookie, which is valid for 12 hours. It is for pages: a request without the header `Sec-Fetch-Site: same-origin` must have the server's own URL in the header `Origin`. Programs use a token. Where users sign in at an identity provider, open /sign-in instead.
         */
        readonly post: operations["createSession"];
        /**
         * Sign out
         * @description Removes the session cookie, with the headers that `POST /session` needs. A copy of the cookie stays valid until it expires. Where users sign in at an identity provider, the page /sign-out/provider also ends the session there.
         */
        readonly delete: operations["deleteSession"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/openapi.json": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get the OpenAPI document
         * @description Returns the description of the API, in OpenAPI 3.1.
         */
        readonly get: operations["getOpenApiDocument"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/reference": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get the reference page
         * @description Returns the reference of the API as an HTML page, with the content of the OpenAPI document.
         */
        readonly get: operations["getReference"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A page of the job list. */
        readonly JobList: {
            /** @description Jobs, newest first. */
            readonly jobs: readonly components["schemas"]["Job"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. With `route`, or with `key` and another filter, a page can have fewer jobs than `limit`, or none, although a cursor follows. */
            readonly cursor: string | null;
            /** @description State of the engines on one machine; empty on AWS. */
            readonly engines: readonly components["schemas"]["EngineStatus"][];
        };
        /** @description A job: one version of an upload on one route. */
        readonly Job: {
            /** @description Id: 52 characters of base32. */
            readonly id: string;
            /** @description The uploaded object. */
            readonly source: {
                /** @description Bucket of the upload. */
                readonly bucket: string;
                /** @description Key of the upload. */
                readonly key: string;
                /** @description Size in bytes. */
                readonly bytes: number;
            };
            /** @description Name of the route; null if no route matches the upload. */
            readonly route: string | null;
            /**
             * @description Engine of the route; null if no route matches.
             * @enum {string|null}
             */
            readonly engine: "elastic-transcoder" | "ffmpeg" | null;
            /**
             * @description Recipe of the route; null if no route matches.
             * @enum {string|null}
             */
            readonly recipe: "transcode" | "thumbnail" | "watermark" | "ladder" | "audio" | "image" | "clip" | "frames" | null;
            /**
             * @description Status. Complete, Canceled and Error are terminal.
             * @enum {string}
             */
            readonly status: "Submitted" | "Progressing" | "Complete" | "Canceled" | "Error";
            /** @description Outputs of a Complete job. */
            readonly outputs: readonly components["schemas"]["JobOutput"][];
            /** @description Why the job failed; null unless the status is Error. */
            readonly error: {
                /** @description Error code of Elastic Transcoder; see the page of errors. */
                readonly code: number;
                /** @description Name of the code, e.g. `UnsupportedFormat`. */
                readonly name: string;
                /** @description What failed, why, and what to do. */
                readonly message: string;
                /** @description Whether another attempt may succeed without any change. */
                readonly retryable: boolean;
            } | null;
            /** @description Seconds from the start, or from the creation before the start, to the end or last change. */
            readonly elapsedSeconds: number;
            /** @description Number of the current attempt, from 1. */
            readonly attempt: number;
            /** @description Number of the last attempt that starts without an operator. */
            readonly maxAttempts: number;
            /** @description Progress of the current attempt. */
            readonly progress: {
                /** @description 0 to 100. */
                readonly percent: number;
                /** @description What the job does now. */
                readonly phase: string;
            };
            /** @description Why a Submitted job does not start while its engine fails; otherwise null. */
            readonly pendingReason: string | null;
            /** @description When the job was created, ISO 8601. */
            readonly createdAt: string;
            /** @description When the job last changed, ISO 8601. */
            readonly updatedAt: string;
            /** @description When the current attempt started, ISO 8601; null before the first start. */
            readonly startedAt: string | null;
            /** @description When the job ended, ISO 8601; null before its end. */
            readonly finishedAt: string | null;
        };
        /** @description An object that a job created. */
        readonly JobOutput: {
            /** @description Key in the output bucket. */
            readonly key: string;
            /** @description Path of the output on this server: `/output/KEY`, percent-encoded. */
            readonly url: string;
            /** @description Absolute path of the file on one machine; null on AWS. */
            readonly path: string | null;
            /** @description Size in bytes. */
            readonly bytes: number;
            /** @description Duration in seconds; null for a still image or a text file. */
            readonly durationSeconds: number | null;
            /** @description Width in pixels; null without video. */
            readonly width: number | null;
            /** @description Height in pixels; null without video. */
            readonly height: number | null;
            /** @description Video codec as ffprobe names it; null without video. */
            readonly videoCodec: string | null;
            /** @description Audio codec as ffprobe names it; null without audio. */
            readonly audioCodec: string | null;
        };
        /** @description Whether an engine can run jobs. */
        readonly EngineStatus: {
            /**
             * @description Name of the engine.
             * @enum {string}
             */
            readonly name: "elastic-transcoder" | "ffmpeg";
            /**
             * @description Whether the engine can run jobs.
             * @enum {string}
             */
            readonly status: "working" | "failing";
            /** @description The failure and the next step; null while it works. */
            readonly message: string | null;
        };
        /** @description An error (RFC 9457). */
        readonly Problem: {
            /** @description The problem type, a stable URI reference, e.g. `/problems/job-not-found`. */
            readonly type: string;
            /** @description Summary of the problem type. */
            readonly title: string;
            /** @description HTTP status. */
            readonly status: number;
            /** @description What failed, why, and what to do. */
            readonly detail: string;
            /** @description Every fault of a request that is not valid. */
            readonly errors?: readonly {
                /** @description Name of the parameter or body field, e.g. `limit` or `parts.0.ETag`. */
                readonly parameter: string;
                /**
                 * @description Where the parameter is.
                 * @enum {string}
                 */
                readonly in: "path" | "query" | "header" | "body";
                /** @description What is wrong with it. */
                readonly detail: string;
            }[];
            /** @description What must be confirmed; only of `confirmation-required`. */
            readonly confirmation?: {
                /** @description Pass it as `confirmation` to delete the video. */
                readonly token: string;
                /** @description When the token expires, ISO 8601. */
                readonly expiresAt: string;
                /**
                 * @description `upload`: all versions of the upload and everything made from them; `version`: one version that has been replaced.
                 * @enum {string}
                 */
                readonly scope: "upload" | "version";
                /** @description Versions of the upload. */
                readonly sources: {
                    /** @description Number of objects or versions. */
                    readonly count: number;
                    /** @description Size in bytes, in total. */
                    readonly bytes: number;
                };
                /** @description Versions of outputs. */
                readonly outputs: {
                    /** @description Number of objects or versions. */
                    readonly count: number;
                    /** @description Size in bytes, in total. */
                    readonly bytes: number;
                };
                /** @description Number of jobs. Those that run are canceled. */
                readonly jobs: number;
            };
        };
        /** @description A job with its history and the probe of its source. */
        readonly JobDetails: {
            /** @description Id: 52 characters of base32. */
            readonly id: string;
            /** @description The uploaded object. */
            readonly source: {
                /** @description Bucket of the upload. */
                readonly bucket: string;
                /** @description Key of the upload. */
                readonly key: string;
                /** @description Size in bytes. */
                readonly bytes: number;
            };
            /** @description Name of the route; null if no route matches the upload. */
            readonly route: string | null;
            /**
             * @description Engine of the route; null if no route matches.
             * @enum {string|null}
             */
            readonly engine: "elastic-transcoder" | "ffmpeg" | null;
            /**
             * @description Recipe of the route; null if no route matches.
             * @enum {string|null}
             */
            readonly recipe: "transcode" | "thumbnail" | "watermark" | "ladder" | "audio" | "image" | "clip" | "frames" | null;
            /**
             * @description Status. Complete, Canceled and Error are terminal.
             * @enum {string}
             */
            readonly status: "Submitted" | "Progressing" | "Complete" | "Canceled" | "Error";
            /** @description Outputs of a Complete job. */
            readonly outputs: readonly components["schemas"]["JobOutput"][];
            /** @description Why the job failed; null unless the status is Error. */
            readonly error: {
                /** @description Error code of Elastic Transcoder; see the page of errors. */
                readonly code: number;
                /** @description Name of the code, e.g. `UnsupportedFormat`. */
                readonly name: string;
                /** @description What failed, why, and what to do. */
                readonly message: string;
                /** @description Whether another attempt may succeed without any change. */
                readonly retryable: boolean;
            } | null;
            /** @description Seconds from the start, or from the creation before the start, to the end or last change. */
            readonly elapsedSeconds: number;
            /** @description Number of the current attempt, from 1. */
            readonly attempt: number;
            /** @description Number of the last attempt that starts without an operator. */
            readonly maxAttempts: number;
            /** @description Progress of the current attempt. */
            readonly progress: {
                /** @description 0 to 100. */
                readonly percent: number;
                /** @description What the job does now. */
                readonly phase: string;
            };
            /** @description Why a Submitted job does not start while its engine fails; otherwise null. */
            readonly pendingReason: string | null;
            /** @description When the job was created, ISO 8601. */
            readonly createdAt: string;
            /** @description When the job last changed, ISO 8601. */
            readonly updatedAt: string;
            /** @description When the current attempt started, ISO 8601; null before the first start. */
            readonly startedAt: string | null;
            /** @description When the job ended, ISO 8601; null before its end. */
            readonly finishedAt: string | null;
            /** @description Changes of the status, oldest first. */
            readonly history: readonly {
                /** @description When the change happened, ISO 8601. */
                readonly at: string;
                /**
                 * @description Status after the change.
                 * @enum {string}
                 */
                readonly status: "Submitted" | "Progressing" | "Complete" | "Canceled" | "Error";
                /** @description Number of the attempt. */
                readonly attempt: number;
                /** @description What happened. */
                readonly detail: string;
            }[];
            /** @description Probe of the source; null before the worker has probed it. */
            readonly probe: {
                /** @description Names of the container format. */
                readonly formats: readonly string[];
                /** @description Duration in seconds; absent if the file does not declare it. */
                readonly durationSeconds?: number;
                /** @description Size in bytes. */
                readonly bytes?: number;
                /** @description Bit rate in bit/s. */
                readonly bitRate?: number;
                /** @description The video stream; absent without video. */
                readonly video?: {
                    /** @description Index of the stream in the file. */
                    readonly index: number;
                    /** @description Codec as ffprobe names it. */
                    readonly codec: string;
                    /** @description Width in pixels as coded. */
                    readonly codedWidth: number;
                    /** @description Height in pixels as coded. */
                    readonly codedHeight: number;
                    /** @description Display width in pixels, after rotation. */
                    readonly width: number;
                    /** @description Display height in pixels, after rotation. */
                    readonly height: number;
                    /** @description Clockwise rotation by a player, in degrees. */
                    readonly rotation: 0 | 90 | 180 | 270;
                    /** @description Average frames per second; absent for a still image. */
                    readonly frameRate?: number;
                    /** @description Whether the frame rate varies. */
                    readonly isVariableFrameRate?: boolean;
                    /** @description Pixel format as ffprobe names it. */
                    readonly pixelFormat: string;
                    /** @description Whether the video is interlaced. */
                    readonly interlaced: boolean;
                    /** @description Duration in seconds; absent if the file does not declare it. */
                    readonly durationSeconds?: number;
                };
                /** @description The audio stream; absent without audio. */
                readonly audio?: {
                    /** @description Index of the stream in the file. */
                    readonly index: number;
                    /** @description Codec as ffprobe names it. */
                    readonly codec: string;
                    /** @description Number of channels. */
                    readonly channels: number;
                    /** @description Sample rate in Hz. */
                    readonly sampleRate: number;
                    /** @description Duration in seconds; absent if the file does not declare it. */
                    readonly durationSeconds?: number;
                };
            } | null;
        };
        /** @description Options of a retry. */
        readonly RetryRequest: {
            /**
             * @description Retry even if the error is permanent, e.g. because the media is broken.
             * @default false
             */
            readonly force: boolean;
        };
        /** @description Where files can be uploaded to, and which. */
        readonly RouteList: {
            /** @description Routes. The longest prefix of a key wins; among the routes with this prefix, the extension decides. A key without a route becomes a job with status Error. */
            readonly routes: readonly components["schemas"]["Route"][];
            /** @description Uploads that never become jobs, e.g. watermarks and captions. */
            readonly ignored: {
                /** @description Beginnings of keys. */
                readonly prefixes: readonly string[];
                /** @description Extensions, in lower case and without the dot. */
                readonly extensions: readonly string[];
            };
            /** @description Maximum size of an upload in bytes; the job of a larger one fails. */
            readonly maxSourceBytes: number;
            /** @description Maximum duration of an upload in minutes; the job of a longer one fails. */
            readonly maxSourceMinutes: number;
        };
        /** @description A route: which uploads become jobs of which recipe. */
        readonly Route: {
            /** @description Name of the route. */
            readonly name: string;
            /** @description Beginning of the keys of its uploads; empty, or ends in `/`. */
            readonly prefix: string;
            /** @description Extensions of its uploads, in lower case and without the dot. Case is ignored. */
            readonly extensions: readonly string[];
            /**
             * @description Engine of its jobs.
             * @enum {string}
             */
            readonly engine: "elastic-transcoder" | "ffmpeg";
            /**
             * @description Recipe of its jobs.
             * @enum {string}
             */
            readonly recipe: "transcode" | "thumbnail" | "watermark" | "ladder" | "audio" | "image" | "clip" | "frames";
        };
        /** @description A form that uploads the video of a response. */
        readonly ResponseUpload: {
            /** @description URL of the POST (`multipart/form-data`). It expires. */
            readonly url: string;
            /** @description Form fields to send unchanged, before the file. The file is the last field, named `file`. */
            readonly fields: {
                readonly [key: string]: string;
            };
            /** @description Key that the video will have. It contains a keyed hash of the e-mail address. */
            readonly key: string;
            /**
             * Format: date-time
             * @description Time until which the form can be sent (ISO 8601).
             */
            readonly expiresAt: string;
            /** @description Maximum size of the video in bytes. */
            readonly maxBytes: number;
        };
        /** @description A request that uploads a whole file. */
        readonly SignedUpload: {
            /** @description URL of the POST (`multipart/form-data`). It expires. */
            readonly url: string;
            /** @description Form fields to send unchanged, before the file. The file is the last field, named `file`. */
            readonly fields: {
                readonly [key: string]: string;
            };
            /**
             * @description Method of the request.
             * @enum {string}
             */
            readonly method: "POST";
            /** @description Headers that the request must have; empty. */
            readonly headers: {
                readonly [key: string]: string;
            };
        };
        /** @description A multipart upload. */
        readonly CreatedUpload: {
            /** @description Id of the upload. */
            readonly uploadId: string;
            /** @description Key that the object will have; pass it to the other operations. */
            readonly key: string;
        };
        /** @description A file to upload in parts. */
        readonly CreateUploadRequest: {
            /** @description Name of the file. The key is metadata `prefix` followed by this name. */
            readonly filename: string;
            /** @description Media type of the file. */
            readonly type: string;
            /** @description User metadata, 2 KB in total. `prefix` is the beginning of the key. `name`, `type` and `relativePath`, which Uppy adds, are ignored. */
            readonly metadata?: {
                readonly [key: string]: string | number | boolean | null;
            };
        };
        /** @description Where to send a part. */
        readonly SignedPart: {
            /** @description URL for a PUT of the part's bytes. It expires; request it again then. */
            readonly url: string;
        };
        /** @description A stored part of an upload. */
        readonly UploadedPart: {
            /** @description Number of the part. */
            readonly PartNumber: number;
            /** @description Size in bytes. */
            readonly Size: number;
            /** @description MD5 of the part, hexadecimal, in double quotes. */
            readonly ETag: string;
        };
        /** @description The object of an upload. */
        readonly CompletedUpload: {
            /** @description URL of the object. */
            readonly location: string;
            /** @description Bucket of the object. */
            readonly bucket: string;
            /** @description Key of the object. */
            readonly key: string;
            /** @description Id of the job that the upload becomes; null for an asset, and on AWS. */
            readonly jobId: string | null;
        };
        /** @description The parts of an upload. */
        readonly CompleteUploadRequest: {
            /** @description All parts, ordered by number. Each but the last has at least 5 MiB. */
            readonly parts: readonly ({
                /** @description Number of the part. */
                readonly PartNumber: number;
                /** @description ETag that the PUT of the part returned, with or without quotes. */
                readonly ETag: string;
            } & {
                readonly [key: string]: unknown;
            })[];
        };
        /** @description A page of the list of videos. */
        readonly VideoList: {
            /** @description Videos, newest first. */
            readonly videos: readonly components["schemas"]["Video"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. A page can have fewer videos than `limit`, or none, although a cursor follows. */
            readonly cursor: string | null;
        };
        /** @description A video: a job that makes something that a player can open. */
        readonly Video: {
            /** @description Id of the video, which is the id of its job. */
            readonly id: string;
            /** @description Key of the upload. */
            readonly key: string;
            /** @description Name of the upload, without folders and extension. */
            readonly title: string;
            /** @description Size of the upload in bytes. */
            readonly bytes: number;
            /** @description Name of the route; null if no route matches the upload. */
            readonly route: string | null;
            /**
             * @description Engine of the route; null if no route matches.
             * @enum {string|null}
             */
            readonly engine: "elastic-transcoder" | "ffmpeg" | null;
            /**
             * @description Recipe of the route; null if no route matches.
             * @enum {string|null}
             */
            readonly recipe: "transcode" | "thumbnail" | "watermark" | "ladder" | "audio" | "image" | "clip" | "frames" | null;
            /**
             * @description Status of the job.
             * @enum {string}
             */
            readonly status: "Submitted" | "Progressing" | "Complete" | "Canceled" | "Error";
            /** @description Progress of the current attempt. */
            readonly progress: {
                /** @description 0 to 100. */
                readonly percent: number;
                /** @description What the job does now. */
                readonly phase: string;
            };
            /** @description Why the job failed; null unless the status is Error. */
            readonly error: {
                /** @description Error code of Elastic Transcoder; see the page of errors. */
                readonly code: number;
                /** @description Name of the code, e.g. `UnsupportedFormat`. */
                readonly name: string;
                /** @description What failed, why, and what to do. */
                readonly message: string;
                /** @description Whether another attempt may succeed without any change. */
                readonly retryable: boolean;
            } | null;
            /** @description Duration in seconds; null while it is not known. */
            readonly durationSeconds: number | null;
            /** @description Width in pixels of the largest output with video; null without one. */
            readonly width: number | null;
            /** @description Height in pixels of the same output; null without one. */
            readonly height: number | null;
            /** @description URL of an image of the video; null without one. */
            readonly posterUrl: string | null;
            /** @description Images over time; null without them. */
            readonly storyboard: {
                /** @description URL of a WebVTT file. Each cue is a time of the video and names a part of the sprite sheet: `sprite.jpg#xywh=X,Y,WIDTH,HEIGHT`, in pixels. */
                readonly url: string;
                /** @description URL of the sprite sheet. Use it in place of `sprite.jpg` of the cues. */
                readonly spriteUrl: string;
            } | null;
            /** @description What a player can open, the preferred one first; empty until the video is Complete. */
            readonly playables: readonly components["schemas"]["Playable"][];
            /** @description Id of the video of a newer version of the same upload, whose outputs have replaced those of this video; otherwise null. */
            readonly supersededBy: string | null;
            /** @description The response whose current video this is; null for any other video. */
            readonly response: {
                /** @description Project of the response. */
                readonly project: string;
                /** @description Step of the project. */
                readonly step: string;
                /** @description E-mail address of the person who responds. */
                readonly mail: string;
            } | null;
            /** @description When the upload was claimed, ISO 8601. */
            readonly createdAt: string;
            /** @description Id of the user that the video belongs to; null if it belongs to nobody, and for callers who are no operators. */
            readonly ownerId: string | null;
        };
        /** @description What a player opens. */
        readonly Playable: {
            /** @description URL, absolute or relative to the API. A signed URL expires after 12 to 13 hours. */
            readonly url: string;
            /** @description Media type. */
            readonly contentType: string;
            /**
             * @description `file`: one file with everything; `hls` and `dash`: a manifest, whose files are beside it.
             * @enum {string}
             */
            readonly kind: "file" | "hls" | "dash";
        };
        /** @description How to play a video. */
        readonly Playback: {
            /** @description URL for the player: a manifest with `hls` and `dash`, else the file. */
            readonly url: string;
            /**
             * @description `hls`, `dash`: a ladder, whose files need the cookies of this response; `file`: one file, whose URL is signed.
             * @enum {string}
             */
            readonly kind: "hls" | "dash" | "file";
            /** @description Media type of what the URL returns. */
            readonly contentType: string;
            /** @description URL of the poster; null without one. */
            readonly poster: string | null;
            /** @description When URLs and cookies expire, ISO 8601. */
            readonly expiresAt: string;
        };
        /** @description A link by which everybody can play one video. */
        readonly Share: {
            /** @description The link. Everybody who has it can play the video. */
            readonly url: string;
            /** @description When the link expires, ISO 8601. */
            readonly expiresAt: string;
        };
        /** @description How to share a video. */
        readonly CreateShareRequest: {
            /** @description Validity of the link, seconds. */
            readonly expiresInSeconds: number;
        };
        /** @description Who the caller is. */
        readonly Session: {
            /** @description Name of the user or of the token. */
            readonly name: string;
            /**
             * @description What the caller may do: `read`, or `write` as well.
             * @enum {string}
             */
            readonly scope: "read" | "write";
            /** @description Whether the caller sees and changes everything; otherwise only what belongs to the user. */
            readonly isOperator: boolean;
        };
        /** @description Name and password of a user. */
        readonly Credentials: {
            /** @description Name of the user. */
            readonly name: string;
            /** @description Password of the user. */
            readonly password: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readonly listJobs: {
        readonly parameters: {
            readonly query?: {
                /** @description Only jobs with this status. */
                readonly status?: "Submitted" | "Progressing" | "Complete" | "Canceled" | "Error";
                /** @description Only jobs of the route with this name. */
                readonly route?: string;
                /** @description Only jobs of the upload with exactly this key. The job of a completed upload appears within seconds. */
                readonly key?: string;
                /** @description Maximum number of jobs in the page. */
                readonly limit?: number;
                /** @description Cursor of the previous page. */
                readonly cursor?: string;
                /** @description Seconds to wait for a change while `If-None-Match` names the current page. One machine only. */
                readonly wait?: number;
            };
            readonly header?: {
                /** @description ETag of an earlier response. If the document is unchanged, the response is 304 without a body. */
                readonly "if-none-match"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of the jobs. */
            readonly 200: {
                headers: {
                    /** @description Changes whenever the document does. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["JobList"];
                };
            };
            /** @description The document is unchanged since `If-None-Match`. */
            readonly 304: {
                headers: {
                    /** @description Changes whenever the document does. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests wait for a change (`/problems/too-many-waiting-requests`). */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getJob: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description ETag of an earlier response. If the document is unchanged, the response is 304 without a body. */
                readonly "if-none-match"?: string;
            };
            readonly path: {
                /** @description Id of the job. On one machine, a unique prefix of at least four characters is enough. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The job. */
            readonly 200: {
                headers: {
                    /** @description Changes whenever the document does. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["JobDetails"];
                };
            };
            /** @description The document is unchanged since `If-None-Match`. */
            readonly 304: {
                headers: {
                    /** @description Changes whenever the document does. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The job does not exist (`/problems/job-not-found`). */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Several jobs have an id that begins like this (`/problems/ambiguous-job-id`). */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly cancelJob: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id of the job. On one machine, a unique prefix of at least four characters is enough. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The canceled job. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["JobDetails"];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token does not allow the operation (`/problems/insufficient-scope`); or Pages of this origin may not call the server (`/problems/forbidden-origin`). */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The job does not exist (`/problems/job-not-found`). */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Several jobs have an id that begins like this (`/problems/ambiguous-job-id`); or The state of the job does not allow the operation (`/problems/job-state-conflict`). */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request body is too large (`/problems/body-too-large`). */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly retryJob: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id of the job. On one machine, a unique prefix of at least four characters is enough. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        /** @description Options of the retry. */
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["RetryRequest"];
            };
        };
        readonly responses: {
            /** @description The retried job. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["JobDetails"];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token does not allow the operation (`/problems/insufficient-scope`); or Pages of this origin may not call the server (`/problems/forbidden-origin`). */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The job does not exist (`/problems/job-not-found`). */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Several jobs have an id that begins like this (`/problems/ambiguous-job-id`); or The state of the job does not allow the operation (`/problems/job-state-conflict`). */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request body is too large (`/problems/body-too-large`). */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request body has an unsupported type (`/problems/unsupported-media-type`). */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly streamJobEvents: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Id of the last event that the client received. If the job has ended since, without a change, the response is 204, which stops an EventSource. */
                readonly "last-event-id"?: string;
            };
            readonly path: {
                /** @description Id of the job. On one machine, a unique prefix of at least four characters is enough. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The events. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/event-stream": string;
                };
            };
            /** @description The job has ended, and the client has its last event. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The job does not exist (`/problems/job-not-found`). */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Several jobs have an id that begins like this (`/problems/ambiguous-job-id`). */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests wait for a change (`/problems/too-many-waiting-requests`). */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listRoutes: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description ETag of an earlier response. If the document is unchanged, the response is 304 without a body. */
                readonly "if-none-match"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The routes. */
            readonly 200: {
                headers: {
                    /** @description Changes whenever the document does. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RouteList"];
                };
            };
            /** @description The document is unchanged since `If-None-Match`. */
            readonly 304: {
                headers: {
                    /** @description Changes whenever the document does. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly requestResponseUpload: {
        readonly parameters: {
            readonly query: {
                /** @description E-mail address of the person who responds. Upper and lower case are equal. */
                readonly mail: string;
                /** @description Type of the video, by extension. */
                readonly type?: "webm" | "mp4" | "mov";
                /** @description Whether to replace a response that exists. Not necessary if its job ended as Error or Canceled. */
                readonly replace?: "true" | "false";
            };
            readonly header?: never;
            readonly path: {
                /** @description Name of the project: letters, digits and `_`. */
                readonly project: string;
                /** @description Name of the step: letters, digits, `_` and `-`. */
                readonly step: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The signed form. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ResponseUpload"];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token does not allow the operation (`/problems/insufficient-scope`). */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The response exists (`/problems/response-exists`). */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The client has sent too many requests (`/problems/too-many-requests`). */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full (`/problems/disk-full`). */
            readonly 507: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly signUpload: {
        readonly parameters: {
            readonly query: {
                /** @description Name of the file. The key is metadata `prefix` followed by this name. */
                readonly filename: string;
                /** @description Media type of the file. */
                readonly type: string;
                /** @description User metadata, 2 KB in total. `prefix` is the beginning of the key. `name`, `type` and `relativePath`, which Uppy adds, are ignored. Each entry is a parameter `metadata[NAME]`. */
                readonly metadata?: {
                    readonly [key: string]: string;
                };
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The signed request. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SignedUpload"];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token does not allow the operation (`/problems/insufficient-scope`). */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full (`/problems/disk-full`). */
            readonly 507: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createUpload: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description The file. */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["CreateUploadRequest"];
            };
        };
        readonly responses: {
            /** @description The upload. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CreatedUpload"];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token does not allow the operation (`/problems/insufficient-scope`); or Pages of this origin may not call the server (`/problems/forbidden-origin`). */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request body is too large (`/problems/body-too-large`). */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request body has an unsupported type (`/problems/unsupported-media-type`). */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full (`/problems/disk-full`). */
            readonly 507: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly signUploadPart: {
        readonly parameters: {
            readonly query: {
                /** @description Key of the upload. */
                readonly key: string;
            };
            readonly header?: never;
            readonly path: {
                /** @description Id of the upload. */
                readonly uploadId: string;
                /** @description Number of the part. */
                readonly partNumber: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The URL. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SignedPart"];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token does not allow the operation (`/problems/insufficient-scope`). */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The upload does not exist (`/problems/upload-not-found`). */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full (`/problems/disk-full`). */
            readonly 507: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listUploadParts: {
        readonly parameters: {
            readonly query: {
                /** @description Key of the upload. */
                readonly key: string;
            };
            readonly header?: never;
            readonly path: {
                /** @description Id of the upload. */
                readonly uploadId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The parts. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": readonly components["schemas"]["UploadedPart"][];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The upload does not exist (`/problems/upload-not-found`). */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly abortUpload: {
        readonly parameters: {
            readonly query: {
                /** @description Key of the upload. */
                readonly key: string;
            };
            readonly header?: never;
            readonly path: {
                /** @description Id of the upload. */
                readonly uploadId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The upload is removed. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token does not allow the operation (`/problems/insufficient-scope`); or Pages of this origin may not call the server (`/problems/forbidden-origin`). */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The upload does not exist (`/problems/upload-not-found`). */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly completeUpload: {
        readonly parameters: {
            readonly query: {
                /** @description Key of the upload. */
                readonly key: string;
            };
            readonly header?: never;
            readonly path: {
                /** @description Id of the upload. */
                readonly uploadId: string;
            };
            readonly cookie?: never;
        };
        /** @description The parts. */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["CompleteUploadRequest"];
            };
        };
        readonly responses: {
            /** @description The object. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CompletedUpload"];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`); or The parts do not make an object (`/problems/invalid-parts`). */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token does not allow the operation (`/problems/insufficient-scope`); or Pages of this origin may not call the server (`/problems/forbidden-origin`). */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The upload does not exist (`/problems/upload-not-found`). */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request body is too large (`/problems/body-too-large`). */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request body has an unsupported type (`/problems/unsupported-media-type`). */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full (`/problems/disk-full`). */
            readonly 507: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listVideos: {
        readonly parameters: {
            readonly query?: {
                /** @description Only videos with this status. */
                readonly status?: "Submitted" | "Progressing" | "Complete" | "Canceled" | "Error";
                /** @description Only videos of the route with this name. */
                readonly route?: string;
                /** @description Only videos of this engine. */
                readonly engine?: "elastic-transcoder" | "ffmpeg";
                /** @description Part of the key, ignoring case. */
                readonly q?: string;
                /** @description Only videos that this person sent as a response. */
                readonly mail?: string;
                /** @description Only videos that are responses to this project. */
                readonly project?: string;
                /** @description Only videos that are responses to this step. Requires `project` or `mail`. */
                readonly step?: string;
                /** @description Maximum number of videos in the page. */
                readonly limit?: number;
                /** @description Cursor of the previous page. */
                readonly cursor?: string;
            };
            readonly header?: {
                /** @description ETag of an earlier response. If the document is unchanged, the response is 304 without a body. */
                readonly "if-none-match"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of the videos. */
            readonly 200: {
                headers: {
                    /** @description Changes whenever the document does. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["VideoList"];
                };
            };
            /** @description The document is unchanged since `If-None-Match`. */
            readonly 304: {
                headers: {
                    /** @description Changes whenever the document does. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getVideo: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description ETag of an earlier response. If the document is unchanged, the response is 304 without a body. */
                readonly "if-none-match"?: string;
            };
            readonly path: {
                /** @description Id of the video. On one machine, a unique prefix of at least four characters is enough. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The video. */
            readonly 200: {
                headers: {
                    /** @description Changes whenever the document does. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Video"];
                };
            };
            /** @description The document is unchanged since `If-None-Match`. */
            readonly 304: {
                headers: {
                    /** @description Changes whenever the document does. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The video does not exist (`/problems/video-not-found`). */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Several jobs have an id that begins like this (`/problems/ambiguous-job-id`). */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly deleteVideo: {
        readonly parameters: {
            readonly query?: {
                /** @description Token of the problem `confirmation-required`, valid for 15 minutes. */
                readonly confirmation?: string;
            };
            readonly header?: never;
            readonly path: {
                /** @description Id of the video. On one machine, a unique prefix of at least four characters is enough. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The video is deleted. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token does not allow the operation (`/problems/insufficient-scope`); or Pages of this origin may not call the server (`/problems/forbidden-origin`). */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The video does not exist (`/problems/video-not-found`). */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Several jobs have an id that begins like this (`/problems/ambiguous-job-id`); or The deletion must be confirmed (`/problems/confirmation-required`); or The state of the job does not allow the operation (`/problems/job-state-conflict`). */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly playVideo: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id of the video, or its beginning. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description How to play the video. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Playback"];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token does not allow the operation (`/problems/insufficient-scope`); or Pages of this origin may not call the server (`/problems/forbidden-origin`). */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The video does not exist (`/problems/video-not-found`). */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Several jobs have an id that begins like this (`/problems/ambiguous-job-id`); or The state of the job does not allow the operation (`/problems/job-state-conflict`). */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Outputs cannot be played (`/problems/playback-unavailable`). */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly shareVideo: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id of the video, or its beginning. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        /** @description The share. */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["CreateShareRequest"];
            };
        };
        readonly responses: {
            /** @description The link. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Share"];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token does not allow the operation (`/problems/insufficient-scope`); or Pages of this origin may not call the server (`/problems/forbidden-origin`). */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The video does not exist (`/problems/video-not-found`). */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Several jobs have an id that begins like this (`/problems/ambiguous-job-id`); or The state of the job does not allow the operation (`/problems/job-state-conflict`). */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request body is too large (`/problems/body-too-large`). */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request body has an unsupported type (`/problems/unsupported-media-type`). */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly openShare: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Token of the link. */
                readonly token: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description How to play the video. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Playback"];
                };
            };
            /** @description A browser is redirected to the page of the video. */
            readonly 303: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL was not signed by this server (`/problems/invalid-signature`); or The URL has expired (`/problems/expired-url`). */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The video does not exist (`/problems/video-not-found`). */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Several jobs have an id that begins like this (`/problems/ambiguous-job-id`); or The state of the job does not allow the operation (`/problems/job-state-conflict`). */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Outputs cannot be played (`/problems/playback-unavailable`). */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getSession: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The caller. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createSession: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["Credentials"];
            };
        };
        readonly responses: {
            /** @description The user is signed in. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The name or the password is wrong (`/problems/invalid-credentials`). */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pages of this origin may not call the server (`/problems/forbidden-origin`). */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request body is too large (`/problems/body-too-large`). */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request body has an unsupported type (`/problems/unsupported-media-type`). */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There were too many attempts to sign in (`/problems/too-many-sign-in-attempts`). */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly deleteSession: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The cookie is removed. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Pages of this origin may not call the server (`/problems/forbidden-origin`). */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getOpenApiDocument: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description ETag of an earlier response. If the document is unchanged, the response is 304 without a body. */
                readonly "if-none-match"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The OpenAPI document. */
            readonly 200: {
                headers: {
                    /** @description Changes whenever the document does. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Version of OpenAPI. */
                        readonly openapi: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The document is unchanged since `If-None-Match`. */
            readonly 304: {
                headers: {
                    /** @description Changes whenever the document does. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request failed (`/problems/internal-error`). */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getReference: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description ETag of an earlier response. If the document is unchanged, the response is 304 without a body. */
                readonly "if-none-match"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The page. */
            readonly 200: {
                headers: {
                    /** @description Changes whenever the document does. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/html": string;
                };
            };
            /** @description The document is unchanged since `If-None-Match`. */
            readonly 304: {
                headers: {
                    /** @description Changes whenever the document does. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request failed (`/problems/internal-error`). */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}

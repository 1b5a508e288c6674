// Generated from the OpenAPI document (npm run docs). Do not edit.
export interface paths {
    "/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List jobs
         * @description Lists the jobs that belong to the caller, or all jobs for an operator, newest first. Pages have no gaps and no duplicates, also while jobs are added.
         */
        get: operations["listJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a job
         * @description Returns a job with its history and the probe of its source.
         */
        get: operations["getJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a job
         * @description Cancels a job that has not ended and has not published its outputs.
         */
        post: operations["cancelJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry a job
         * @description Starts the next attempt of a job whose status is Error or Canceled.
         */
        post: operations["retryJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a job
         * @description Sends server-sent events: one event `job` with the job (JobDetails) as JSON now and after every change, until its status is terminal. The id of an event is the ETag of the document. A comment every 15 seconds keeps the connection open. One machine only.
         */
        get: operations["streamJobEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}/cost": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Estimate the cost of a job
         * @description Returns what the tasks of a job have cost so far, at AWS's list prices, and what the cost is made of. The id of a video is that of its job. On one machine it is 0.
         */
        get: operations["getJobCost"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/routes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List routes
         * @description Returns the routes of the stage, the uploads that it ignores and its limits on an upload, so that a client can offer destinations and refuse a file before it sends it.
         */
        get: operations["listRoutes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/presignedurl/{project}/{step}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Request the upload of a response
         * @description Records that a person responds to a step of a project, and signs the form that uploads the video. The form can be sent for five minutes. The type of the video must be in a route for the prefix `responses/`. Requests for a response that exists are rejected unless `replace` is true, or the job of its video ended as Error or Canceled; the existing response is then kept until the new video arrives.
         */
        get: operations["requestResponseUpload"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/s3/params": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sign an upload
         * @description Signs the upload of a file of up to 5 GiB in one request: a POST of a form with these fields, then the file. The form can be sent for an hour. The response to the form is 204 with the object's `ETag`. The key of a user who is not an operator has a folder with the user's id before the file name, e.g. `responses/USER_ID/lecture.mp4`; the response has the key.
         */
        get: operations["signUpload"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/s3/multipart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start an upload in parts
         * @description Starts an upload in parts, which can be resumed. If the key exists, the object gets a new version. An upload without any change for two days is removed. The key of a user who is not an operator has a folder with the user's id before the file name, e.g. `responses/USER_ID/lecture.mp4`; the response has the key.
         */
        post: operations["createUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/s3/multipart/{uploadId}/{partNumber}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sign a part
         * @description Returns the URL for a PUT of a part. The PUT's response has the part's `ETag`.
         */
        get: operations["signUploadPart"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/s3/multipart/{uploadId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the stored parts
         * @description Lists the parts that are stored, ordered by number, to resume an upload.
         */
        get: operations["listUploadParts"];
        put?: never;
        post?: never;
        /**
         * Abort an upload
         * @description Removes an upload and its parts.
         */
        delete: operations["abortUpload"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/s3/multipart/{uploadId}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Complete an upload
         * @description Stores the object from its parts. A repeated request returns the first result.
         */
        post: operations["completeUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/videos": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List videos
         * @description Lists the videos that belong to the caller, or all videos for an operator, newest first. A video is a job that makes something that a player can open.
         */
        get: operations["listVideos"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/videos/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a video
         * @description Returns a video.
         */
        get: operations["getVideo"];
        put?: never;
        post?: never;
        /**
         * Delete a video
         * @description Deletes a video for ever: its outputs, its upload and its record. The video of the current version of an upload goes with all older versions of the upload and everything made from them. The first request responds with the problem `confirmation-required`, which says what will be removed; repeat it with the token of the problem. A request that was interrupted can be repeated with the same token.
         */
        delete: operations["deleteVideo"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/videos/{id}/outputs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the outputs of a video
         * @description Returns the outputs of a Complete video with URLs by which each can be saved. To play a ladder, use `POST /videos/{id}/playback`: its manifests need the cookies of its folder.
         */
        get: operations["listVideoOutputs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/videos/{id}/source": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the upload of a video
         * @description Returns a URL by which the upload of a video, in exactly its version, can be played or saved for an hour, whatever the status of the video. A browser plays it only if it supports its format.
         */
        get: operations["getVideoSource"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List channels
         * @description Returns the watched channels of the stage with their state, in the order of the configuration. Channels belong to nobody: only an operator sees any.
         */
        get: operations["listChannels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a channel
         * @description Returns a channel: its state, what is on now, and its detections against the caps.
         */
        get: operations["getChannel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels/{name}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a channel
         * @description Stops watching a channel until it is resumed: nothing is archived or detected. A channel that is paused already stays so.
         */
        post: operations["pauseChannel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a channel
         * @description Watches a paused channel again, from the segments that its playlist has then. A channel that is not paused stays so.
         */
        post: operations["resumeChannel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels/{name}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a channel
         * @description Sends server-sent events: one event `channel` with the channel (Channel) as JSON now and after every change. The id of an event is the ETag of the document. A comment every 15 seconds keeps the connection open. One machine only.
         */
        get: operations["streamChannelEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels/{name}/clips": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Clip a time range of a channel
         * @description Makes a clip of a part of the archive, at most an hour long. The same range makes one clip, however often it is requested. Follow the clip with the operations of jobs, and play it with those of videos.
         */
        post: operations["createClip"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels/{name}/highlights": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a channel with what was found in it
         * @description Returns the channel and the first pages of its appearances, labels and celebrities in one document: what a view that updates by itself needs. Further pages are those of the operations that list them.
         */
        get: operations["getHighlights"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels/{name}/labels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the labels of a channel
         * @description Lists the labels that were detected within the retention of the channel, last seen first.
         */
        get: operations["listLabels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels/{name}/celebrities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the celebrities of a channel
         * @description Lists the celebrities that were recognized within the retention of the channel, last seen first.
         */
        get: operations["listCelebrities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels/{name}/appearances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the appearances of a channel
         * @description Lists the appearances of the labels to clip, newest start first, with their clips. To play a clip, open one of its `playables`, or use the operations of videos with its `jobId`.
         */
        get: operations["listAppearances"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/videos/{id}/playback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Play a video
         * @description Returns the URL for a player. For a ladder it also sets the cookies that all files of its folder need; a player sends them by itself on the same server. Both are valid for 12 hours. A token with scope `read` may call it.
         */
        post: operations["playVideo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/videos/{id}/shares": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Share a video
         * @description Returns a link by which everybody can play the video without signing in. It ends at its expiry, and when the video is deleted.
         */
        post: operations["shareVideo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/shares/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Open a share
         * @description Returns how to play a shared video, as `POST /videos/{id}/playback` does. A browser that opens the link is redirected to the page of the video instead.
         */
        get: operations["openShare"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the caller
         * @description Returns whose cookie or token the request has.
         */
        get: operations["getSession"];
        put?: never;
        /**
         * Sign in
         * @description Checks a user's password and sets the session cookie, which is valid for 12 hours. It is for pages: a request without the header `Sec-Fetch-Site: same-origin` must have the server's own URL in the header `Origin`. Programs use a token. Where users sign in at an identity provider, open /sign-in instead.
         */
        post: operations["createSession"];
        /**
         * Sign out
         * @description Removes the session cookie, with the headers that `POST /session` needs. A copy of the cookie stays valid until it expires. Where users sign in at an identity provider, the page /sign-out/provider also ends the session there.
         */
        delete: operations["deleteSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the OpenAPI document
         * @description Returns the description of the API, in OpenAPI 3.1.
         */
        get: operations["getOpenApiDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reference": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the reference page
         * @description Returns the reference of the API as an HTML page, with the content of the OpenAPI document.
         */
        get: operations["getReference"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A page of the job list. */
        JobList: {
            /** @description Jobs, newest first. */
            jobs: components["schemas"]["Job"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. With `route`, `errorCode` or a time, or with `key` and another filter, a page can have fewer jobs than `limit`, or none, although a cursor follows. */
            cursor: string | null;
            /** @description State of the engines on one machine; empty on AWS. */
            engines: components["schemas"]["EngineStatus"][];
        };
        /** @description A job: one version of an upload on one route. */
        Job: {
            /** @description Id: 52 characters of base32. */
            id: string;
            /** @description The uploaded object. */
            source: {
                /** @description Bucket of the upload. */
                bucket: string;
                /** @description Key of the upload. */
                key: string;
                /** @description Size in bytes. */
                bytes: number;
            };
            /** @description Name of the route; null if no route matches the upload. */
            route: string | null;
            /**
             * @description Engine of the route; null if no route matches.
             * @enum {string|null}
             */
            engine: "elastic-transcoder" | "ffmpeg" | null;
            /**
             * @description Recipe of the route; null if no route matches.
             * @enum {string|null}
             */
            recipe: "transcode" | "thumbnail" | "watermark" | "ladder" | "audio" | "image" | "clip" | "frames" | null;
            /**
             * @description Status. Complete, Canceled and Error are terminal.
             * @enum {string}
             */
            status: "Submitted" | "Progressing" | "Complete" | "Canceled" | "Error";
            /** @description Outputs of a Complete job. */
            outputs: components["schemas"]["JobOutput"][];
            /** @description Why the job failed; null unless the status is Error. */
            error: {
                /** @description Error code of Elastic Transcoder; see the page of errors. */
                code: number;
                /** @description Name of the code, e.g. `UnsupportedFormat`. */
                name: string;
                /** @description What failed, why, and what to do. */
                message: string;
                /** @description Whether another attempt may succeed without any change. */
                retryable: boolean;
            } | null;
            /** @description Seconds from the start, or from the creation before the start, to the end or last change. */
            elapsedSeconds: number;
            /** @description Number of the current attempt, from 1. */
            attempt: number;
            /** @description Number of the last attempt that starts without an operator. */
            maxAttempts: number;
            /** @description Progress of the current attempt. */
            progress: {
                /** @description 0 to 100. */
                percent: number;
                /** @description What the job does now. */
                phase: string;
            };
            /** @description Why a Submitted job waits: a limit, a refusal by AWS, or an engine that fails; otherwise null. */
            pendingReason: string | null;
            /** @description When the job was created, ISO 8601. */
            createdAt: string;
            /** @description When the job last changed, ISO 8601. */
            updatedAt: string;
            /** @description When the current attempt started, ISO 8601; null before the first start. */
            startedAt: string | null;
            /** @description When the job ended, ISO 8601; null before its end. */
            finishedAt: string | null;
        };
        /** @description An object that a job created. */
        JobOutput: {
            /** @description Key in the output bucket. */
            key: string;
            /** @description Path of the output on this server: `/output/KEY`, percent-encoded. */
            url: string;
            /** @description Absolute path of the file on one machine; null on AWS. */
            path: string | null;
            /** @description Size in bytes. */
            bytes: number;
            /** @description Duration in seconds; null for a still image or a text file. */
            durationSeconds: number | null;
            /** @description Width in pixels; null without video. */
            width: number | null;
            /** @description Height in pixels; null without video. */
            height: number | null;
            /** @description Video codec as ffprobe names it; null without video. */
            videoCodec: string | null;
            /** @description Audio codec as ffprobe names it; null without audio. */
            audioCodec: string | null;
        };
        /** @description Whether an engine can run jobs. */
        EngineStatus: {
            /**
             * @description Name of the engine.
             * @enum {string}
             */
            name: "elastic-transcoder" | "ffmpeg";
            /**
             * @description Whether the engine can run jobs.
             * @enum {string}
             */
            status: "working" | "failing";
            /** @description The failure and the next step; null while it works. */
            message: string | null;
        };
        /** @description An error (RFC 9457). */
        Problem: {
            /** @description The problem type, a stable URI reference, e.g. `/problems/job-not-found`. */
            type: string;
            /** @description Summary of the problem type. */
            title: string;
            /** @description HTTP status. */
            status: number;
            /** @description What failed, why, and what to do. */
            detail: string;
            /** @description Every fault of a request that is not valid. */
            errors?: {
                /** @description Name of the parameter or body field, e.g. `limit` or `parts.0.ETag`. */
                parameter: string;
                /**
                 * @description Where the parameter is.
                 * @enum {string}
                 */
                in: "path" | "query" | "header" | "body";
                /** @description What is wrong with it. */
                detail: string;
            }[];
            /** @description What must be confirmed; only of `confirmation-required`. */
            confirmation?: {
                /** @description Pass it as `confirmation` to delete the video. */
                token: string;
                /** @description When the token expires, ISO 8601. */
                expiresAt: string;
                /**
                 * @description `upload`: all versions of the upload and everything made from them; `version`: one version that has been replaced.
                 * @enum {string}
                 */
                scope: "upload" | "version";
                /** @description Versions of the upload. */
                sources: {
                    /** @description Number of objects or versions. */
                    count: number;
                    /** @description Size in bytes, in total. */
                    bytes: number;
                };
                /** @description Versions of outputs. */
                outputs: {
                    /** @description Number of objects or versions. */
                    count: number;
                    /** @description Size in bytes, in total. */
                    bytes: number;
                };
                /** @description Number of jobs. Those that run are canceled. */
                jobs: number;
            };
        };
        /** @description A job with its history and the probe of its source. */
        JobDetails: {
            /** @description Id: 52 characters of base32. */
            id: string;
            /** @description The uploaded object. */
            source: {
                /** @description Bucket of the upload. */
                bucket: string;
                /** @description Key of the upload. */
                key: string;
                /** @description Size in bytes. */
                bytes: number;
            };
            /** @description Name of the route; null if no route matches the upload. */
            route: string | null;
            /**
             * @description Engine of the route; null if no route matches.
             * @enum {string|null}
             */
            engine: "elastic-transcoder" | "ffmpeg" | null;
            /**
             * @description Recipe of the route; null if no route matches.
             * @enum {string|null}
             */
            recipe: "transcode" | "thumbnail" | "watermark" | "ladder" | "audio" | "image" | "clip" | "frames" | null;
            /**
             * @description Status. Complete, Canceled and Error are terminal.
             * @enum {string}
             */
            status: "Submitted" | "Progressing" | "Complete" | "Canceled" | "Error";
            /** @description Outputs of a Complete job. */
            outputs: components["schemas"]["JobOutput"][];
            /** @description Why the job failed; null unless the status is Error. */
            error: {
                /** @description Error code of Elastic Transcoder; see the page of errors. */
                code: number;
                /** @description Name of the code, e.g. `UnsupportedFormat`. */
                name: string;
                /** @description What failed, why, and what to do. */
                message: string;
                /** @description Whether another attempt may succeed without any change. */
                retryable: boolean;
            } | null;
            /** @description Seconds from the start, or from the creation before the start, to the end or last change. */
            elapsedSeconds: number;
            /** @description Number of the current attempt, from 1. */
            attempt: number;
            /** @description Number of the last attempt that starts without an operator. */
            maxAttempts: number;
            /** @description Progress of the current attempt. */
            progress: {
                /** @description 0 to 100. */
                percent: number;
                /** @description What the job does now. */
                phase: string;
            };
            /** @description Why a Submitted job waits: a limit, a refusal by AWS, or an engine that fails; otherwise null. */
            pendingReason: string | null;
            /** @description When the job was created, ISO 8601. */
            createdAt: string;
            /** @description When the job last changed, ISO 8601. */
            updatedAt: string;
            /** @description When the current attempt started, ISO 8601; null before the first start. */
            startedAt: string | null;
            /** @description When the job ended, ISO 8601; null before its end. */
            finishedAt: string | null;
            /** @description What is missing from the outputs of a Complete job, e.g. subtitles that could not be read. */
            warnings: string[];
            /** @description Changes of the status, oldest first. */
            history: {
                /** @description When the change happened, ISO 8601. */
                at: string;
                /**
                 * @description Status after the change.
                 * @enum {string}
                 */
                status: "Submitted" | "Progressing" | "Complete" | "Canceled" | "Error";
                /** @description Number of the attempt. */
                attempt: number;
                /** @description What happened. */
                detail: string;
            }[];
            /** @description Probe of the source; null before the worker has probed it. */
            probe: {
                /** @description Names of the container format. */
                formats: string[];
                /** @description Duration in seconds; absent if the file does not declare it. */
                durationSeconds?: number;
                /** @description Size in bytes. */
                bytes?: number;
                /** @description Bit rate in bit/s. */
                bitRate?: number;
                /** @description The video stream; absent without video. */
                video?: {
                    /** @description Index of the stream in the file. */
                    index: number;
                    /** @description Codec as ffprobe names it. */
                    codec: string;
                    /** @description Width in pixels as coded. */
                    codedWidth: number;
                    /** @description Height in pixels as coded. */
                    codedHeight: number;
                    /** @description Display width in pixels, after rotation. */
                    width: number;
                    /** @description Display height in pixels, after rotation. */
                    height: number;
                    /** @description Clockwise rotation by a player, in degrees. */
                    rotation: 0 | 90 | 180 | 270;
                    /** @description Average frames per second; absent for a still image. */
                    frameRate?: number;
                    /** @description Whether the frame rate varies. */
                    isVariableFrameRate?: boolean;
                    /** @description Frames of an animated image; absent otherwise. */
                    frameCount?: number;
                    /** @description Pixel format as ffprobe names it. */
                    pixelFormat: string;
                    /** @description Whether the video is interlaced. */
                    interlaced: boolean;
                    /** @description Seconds from the start of the source to the start of the track; absent if it starts first. */
                    startSeconds?: number;
                    /** @description Duration in seconds; absent if the file does not declare it. */
                    durationSeconds?: number;
                    /** @description Color tags; absent if the video is untagged. */
                    color?: {
                        /**
                         * @description `tv` for limited range, `pc` for full range.
                         * @enum {string}
                         */
                        range?: "tv" | "pc";
                        /** @description Matrix coefficients as ffprobe names them. */
                        matrix?: string;
                        /** @description Transfer characteristics as ffprobe names them. */
                        transfer?: string;
                        /** @description Color primaries as ffprobe names them. */
                        primaries?: string;
                    };
                    /** @description Dolby Vision configuration; absent for other video. */
                    dolbyVision?: {
                        /** @description Dolby Vision profile. */
                        profile: number;
                        /** @description What the base layer is: 1 HDR10, 2 SDR, 4 HLG, 0 none. */
                        compatibilityId: number;
                    };
                };
                /** @description The main audio track; absent without audio. */
                audio?: {
                    /** @description Index of the stream in the file. */
                    index: number;
                    /** @description Codec as ffprobe names it. */
                    codec: string;
                    /** @description Number of channels. */
                    channels: number;
                    /** @description Sample rate in Hz. */
                    sampleRate: number;
                    /** @description Seconds from the start of the source to the start of the track; absent if it starts first. */
                    startSeconds?: number;
                    /** @description Duration in seconds; absent if the file does not declare it. */
                    durationSeconds?: number;
                    /** @description Channel layout as ffmpeg names it. */
                    channelLayout?: string;
                    /** @description Language as tagged in the file, usually ISO 639-2. */
                    language?: string;
                    /** @description Title of the track. */
                    title?: string;
                    /** @description Whether the track is marked as the default. */
                    isDefault?: boolean;
                    /** @description Whether the track is a commentary. */
                    isCommentary?: boolean;
                    /** @description Whether the track is an audio description. */
                    isVisualImpaired?: boolean;
                    /** @description Whether the track is for the hearing impaired. */
                    isHearingImpaired?: boolean;
                };
                /** @description Every audio track, the main one included; absent if there are fewer than two. */
                audioTracks?: {
                    /** @description Index of the stream in the file. */
                    index: number;
                    /** @description Codec as ffprobe names it. */
                    codec: string;
                    /** @description Number of channels. */
                    channels: number;
                    /** @description Sample rate in Hz. */
                    sampleRate: number;
                    /** @description Seconds from the start of the source to the start of the track; absent if it starts first. */
                    startSeconds?: number;
                    /** @description Duration in seconds; absent if the file does not declare it. */
                    durationSeconds?: number;
                    /** @description Channel layout as ffmpeg names it. */
                    channelLayout?: string;
                    /** @description Language as tagged in the file, usually ISO 639-2. */
                    language?: string;
                    /** @description Title of the track. */
                    title?: string;
                    /** @description Whether the track is marked as the default. */
                    isDefault?: boolean;
                    /** @description Whether the track is a commentary. */
                    isCommentary?: boolean;
                    /** @description Whether the track is an audio description. */
                    isVisualImpaired?: boolean;
                    /** @description Whether the track is for the hearing impaired. */
                    isHearingImpaired?: boolean;
                }[];
                /** @description Every subtitle track; absent without subtitles. */
                subtitleTracks?: {
                    /** @description Index of the stream in the file. */
                    index: number;
                    /** @description Codec as ffprobe names it. */
                    codec: string;
                    /** @description Language as tagged in the file, usually ISO 639-2. */
                    language?: string;
                    /** @description Title of the track. */
                    title?: string;
                    /** @description Whether the track is marked as the default. */
                    isDefault?: boolean;
                    /** @description Whether the track is shown even if subtitles are off. */
                    isForced?: boolean;
                    /** @description Whether the track is for the hearing impaired. */
                    isHearingImpaired?: boolean;
                }[];
            } | null;
        };
        /** @description Options of a retry. */
        RetryRequest: {
            /**
             * @description Retry even if the error is permanent, e.g. because the media is broken.
             * @default false
             */
            force: boolean;
        };
        /** @description Estimated cost of a job so far. */
        JobCost: {
            /** @description Estimated cost of the attempts so far in US dollars: task size × run time × list price. Storage, requests and transfer are not included. */
            usd: number;
            /** @description Why nothing is billed, on one machine; null on AWS. */
            reason: string | null;
            /** @description Attempts whose worker has started, oldest first. The pull of the image is not included. For the engine elastic-transcoder, only the current attempt. */
            attempts: {
                /** @description Number of the attempt. */
                attempt: number;
                /** @description When its worker started, ISO 8601. */
                startedAt: string;
                /** @description When it ended, ISO 8601; null while it runs. */
                endedAt: string | null;
                /** @description Seconds that Fargate bills: at least 60. */
                billedSeconds: number;
                /** @description Estimated cost in US dollars. */
                usd: number;
            }[];
            /** @description What the cost is made of; empty on one machine. */
            resources: {
                /**
                 * @description What is billed: vCPUs, memory and ephemeral storage beyond 20 GB in GB, or a public IPv4 address.
                 * @enum {string}
                 */
                resource: "vcpu" | "memoryGb" | "storageGb" | "publicIpv4";
                /** @description How much of it a task has. */
                quantity: number;
                /** @description List price of one for an hour, in US dollars. */
                usdPerHour: number;
                /** @description Estimated cost of all attempts in US dollars. */
                usd: number;
            }[];
            /**
             * @description Capacity provider of the tasks; null on one machine. The estimate uses the price of FARGATE, which is an upper bound for FARGATE_SPOT.
             * @enum {string|null}
             */
            capacityProvider: "FARGATE" | "FARGATE_SPOT" | null;
            /** @description The price list; null on one machine. */
            priceList: {
                /** @description AWS Region of the prices. */
                region: string;
                /** @description Year of the prices. */
                year: string;
            } | null;
        };
        /** @description Where files can be uploaded to, and which. */
        RouteList: {
            /** @description Routes. The longest prefix of a key wins; among the routes with this prefix, the extension decides. A key without a route becomes a job with status Error. */
            routes: components["schemas"]["Route"][];
            /** @description Uploads that never become jobs, e.g. watermarks and captions. */
            ignored: {
                /** @description Beginnings of keys. */
                prefixes: string[];
                /** @description Extensions, in lower case and without the dot. */
                extensions: string[];
            };
            /** @description Maximum size of an upload in bytes; the job of a larger one fails. */
            maxSourceBytes: number;
            /** @description Maximum duration of an upload in minutes; the job of a longer one fails. */
            maxSourceMinutes: number;
        };
        /** @description A route: which uploads become jobs of which recipe. */
        Route: {
            /** @description Name of the route. */
            name: string;
            /** @description Beginning of the keys of its uploads; empty, or ends in `/`. */
            prefix: string;
            /** @description Extensions of its uploads, in lower case and without the dot. Case is ignored. */
            extensions: string[];
            /**
             * @description Engine of its jobs.
             * @enum {string}
             */
            engine: "elastic-transcoder" | "ffmpeg";
            /**
             * @description Recipe of its jobs.
             * @enum {string}
             */
            recipe: "transcode" | "thumbnail" | "watermark" | "ladder" | "audio" | "image" | "clip" | "frames";
        };
        /** @description A form that uploads the video of a response. */
        ResponseUpload: {
            /** @description URL of the POST (`multipart/form-data`). It expires. */
            url: string;
            /** @description Form fields to send unchanged, before the file. The file is the last field, named `file`. */
            fields: {
                [key: string]: string;
            };
            /** @description Key that the video will have. It contains a keyed hash of the e-mail address. */
            key: string;
            /**
             * Format: date-time
             * @description Time until which the form can be sent (ISO 8601).
             */
            expiresAt: string;
            /** @description Maximum size of the video in bytes. */
            maxBytes: number;
        };
        /** @description A request that uploads a whole file. */
        SignedUpload: {
            /** @description URL of the POST (`multipart/form-data`). It expires. */
            url: string;
            /** @description Form fields to send unchanged, before the file. The file is the last field, named `file`. */
            fields: {
                [key: string]: string;
            };
            /**
             * @description Method of the request.
             * @enum {string}
             */
            method: "POST";
            /** @description Headers that the request must have; empty. */
            headers: {
                [key: string]: string;
            };
        };
        /** @description A multipart upload. */
        CreatedUpload: {
            /** @description Id of the upload. */
            uploadId: string;
            /** @description Key that the object will have; pass it to the other operations. */
            key: string;
        };
        /** @description A file to upload in parts. */
        CreateUploadRequest: {
            /** @description Name of the file. The key is metadata `prefix` followed by this name. */
            filename: string;
            /** @description Media type of the file. */
            type: string;
            /** @description User metadata, 2 KB in total. `prefix` is the beginning of the key. `name`, `type` and `relativePath`, which Uppy adds, are ignored. */
            metadata?: {
                [key: string]: string | number | boolean | null;
            };
        };
        /** @description Where to send a part. */
        SignedPart: {
            /** @description URL for a PUT of the part's bytes. It expires; request it again then. */
            url: string;
        };
        /** @description A stored part of an upload. */
        UploadedPart: {
            /** @description Number of the part. */
            PartNumber: number;
            /** @description Size in bytes. */
            Size: number;
            /** @description MD5 of the part, hexadecimal, in double quotes. */
            ETag: string;
        };
        /** @description The object of an upload. */
        CompletedUpload: {
            /** @description URL of the object. */
            location: string;
            /** @description Bucket of the object. */
            bucket: string;
            /** @description Key of the object. */
            key: string;
            /** @description Id of the job that the upload becomes; null for an asset, and on AWS. */
            jobId: string | null;
        };
        /** @description The parts of an upload. */
        CompleteUploadRequest: {
            /** @description All parts, ordered by number. Each but the last has at least 5 MiB. */
            parts: ({
                /** @description Number of the part. */
                PartNumber: number;
                /** @description ETag that the PUT of the part returned, with or without quotes. */
                ETag: string;
            } & {
                [key: string]: unknown;
            })[];
        };
        /** @description A page of the list of videos. */
        VideoList: {
            /** @description Videos, newest first. */
            videos: components["schemas"]["Video"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. A page can have fewer videos than `limit`, or none, although a cursor follows. */
            cursor: string | null;
        };
        /** @description A video: a job that makes something that a player can open. */
        Video: {
            /** @description Id of the video, which is the id of its job. */
            id: string;
            /** @description Key of the upload. */
            key: string;
            /** @description Name of the upload, without folders and extension. */
            title: string;
            /** @description Size of the upload in bytes. */
            bytes: number;
            /** @description Name of the route; null if no route matches the upload. */
            route: string | null;
            /**
             * @description Engine of the route; null if no route matches.
             * @enum {string|null}
             */
            engine: "elastic-transcoder" | "ffmpeg" | null;
            /**
             * @description Recipe of the route; null if no route matches.
             * @enum {string|null}
             */
            recipe: "transcode" | "thumbnail" | "watermark" | "ladder" | "audio" | "image" | "clip" | "frames" | null;
            /**
             * @description Status of the job.
             * @enum {string}
             */
            status: "Submitted" | "Progressing" | "Complete" | "Canceled" | "Error";
            /** @description Progress of the current attempt. */
            progress: {
                /** @description 0 to 100. */
                percent: number;
                /** @description What the job does now. */
                phase: string;
            };
            /** @description Why the job failed; null unless the status is Error. */
            error: {
                /** @description Error code of Elastic Transcoder; see the page of errors. */
                code: number;
                /** @description Name of the code, e.g. `UnsupportedFormat`. */
                name: string;
                /** @description What failed, why, and what to do. */
                message: string;
                /** @description Whether another attempt may succeed without any change. */
                retryable: boolean;
            } | null;
            /** @description Duration in seconds; null while it is not known. */
            durationSeconds: number | null;
            /** @description Width in pixels of the largest output with video; null without one. */
            width: number | null;
            /** @description Height in pixels of the same output; null without one. */
            height: number | null;
            /** @description URL of an image of the video; null without one. */
            posterUrl: string | null;
            /** @description Images over time; null without them. */
            storyboard: {
                /** @description URL of a WebVTT file. Each cue is a time of the video and names a part of the sprite sheet: `sprite.jpg#xywh=X,Y,WIDTH,HEIGHT`, in pixels. */
                url: string;
                /** @description URL of the sprite sheet. Use it in place of `sprite.jpg` of the cues. */
                spriteUrl: string;
            } | null;
            /** @description What a player can open, the preferred one first; empty until the video is Complete. */
            playables: components["schemas"]["Playable"][];
            /** @description Id of the video of a newer version of the same upload, whose outputs have replaced those of this video; otherwise null. */
            supersededBy: string | null;
            /** @description The response whose current video this is; null for any other video. */
            response: {
                /** @description Project of the response. */
                project: string;
                /** @description Step of the project. */
                step: string;
                /** @description E-mail address of the person who responds. */
                mail: string;
            } | null;
            /** @description When the upload was claimed, ISO 8601. */
            createdAt: string;
            /** @description Id of the user that the video belongs to; null if it belongs to nobody, and for callers who are no operators. */
            ownerId: string | null;
        };
        /** @description What a player opens. */
        Playable: {
            /** @description URL, absolute or relative to the API. A signed URL expires after 12 to 13 hours. */
            url: string;
            /** @description Media type. */
            contentType: string;
            /**
             * @description `file`: one file with everything; `hls` and `dash`: a manifest, whose files are beside it.
             * @enum {string}
             */
            kind: "file" | "hls" | "dash";
        };
        /** @description The outputs of a video, to save. */
        VideoOutputList: {
            /** @description Outputs, ordered by kind: those that people save first. */
            outputs: components["schemas"]["VideoOutput"][];
        };
        /** @description An output of a video, to save. */
        VideoOutput: {
            /** @description Key in the output bucket. */
            key: string;
            /** @description Name of the output, without folders. */
            name: string;
            /**
             * @description `file`: audio or video with everything; `rendition`: one video, audio or subtitle track of a ladder; `image`: a poster; `storyboard`: sprite sheet and cues; `manifest`: a playlist or manifest, which names other outputs.
             * @enum {string}
             */
            kind: "file" | "rendition" | "image" | "storyboard" | "manifest";
            /** @description Media type. */
            contentType: string;
            /** @description Size in bytes. */
            bytes: number;
            /** @description Width in pixels; null without video. */
            width: number | null;
            /** @description Height in pixels; null without video. */
            height: number | null;
            /** @description Duration in seconds; null for a still image or a text file. */
            durationSeconds: number | null;
            /** @description URL of the output, absolute or relative to the API. A signed URL expires after 12 to 13 hours. */
            url: string;
        };
        /** @description How to play or save the upload of a video. */
        VideoSource: {
            /** @description URL of the upload, in exactly the version of the video, with ranges; absolute or relative to the API. It needs no credentials and expires; request it again then. */
            url: string;
            /** @description Name of the upload, without folders. */
            fileName: string;
            /** @description Media type of the upload, as its sender declared it. */
            contentType: string;
            /** @description Size in bytes. */
            bytes: number;
            /** @description When the URL expires, ISO 8601. */
            expiresAt: string;
        };
        /** @description The watched channels. */
        ChannelList: {
            /** @description Channels, in the order of the configuration. */
            channels: components["schemas"]["Channel"][];
        };
        /** @description A live channel that is watched for labels. */
        Channel: {
            /** @description Name of the channel. */
            name: string;
            /**
             * @description `pending`: not watched yet; `watching`: new segments come; `stalled`: the playlist does not change; `ended`: the playlist has ended; `capped`: a cap stops detection, not archiving; `error`: the channel cannot be watched, or only in part; `inactive`: outside of `activeHours`; `overdue`: the watcher does not run.
             * @enum {string}
             */
            status: "pending" | "watching" | "stalled" | "ended" | "capped" | "error" | "inactive" | "overdue";
            /** @description Why, and what to do; null if there is no message. */
            message: string | null;
            /** @description Whether the channel is not watched until it is resumed. */
            paused: boolean;
            /** @description Start of the newest archived segment, ISO 8601; null before the first one. */
            lastSegmentAt: string | null;
            /** @description When the playlist was requested last, ISO 8601; null before the first time. */
            lastPolledAt: string | null;
            /** @description Seconds from the start of the newest archived segment to the last request of the playlist; null before the first segment. */
            lagSeconds: number | null;
            /** @description The archive; null while it is empty. */
            archive: {
                /** @description Start of the oldest archived segment, ISO 8601. */
                from: string;
                /** @description End of the newest archived segment, ISO 8601. */
                to: string;
            } | null;
            /** @description Labels whose appearances are clipped. */
            clipLabels: string[];
            /** @description Whether celebrities are recognized. */
            celebrities: boolean;
            usage: components["schemas"]["ChannelUsage"];
            /** @description Appearances that have not ended: what is on now. Newest start first. */
            current: components["schemas"]["Appearance"][];
        };
        /** @description Detections and their price against the caps of a channel. */
        ChannelUsage: {
            /** @description Detections in this hour (UTC), also those that failed. */
            detectionsThisHour: number;
            /** @description Cap of detections in an hour. */
            maxDetectionsPerHour: number;
            /** @description Estimated price of the detections in this hour in US dollars, at the price of one today. */
            usdThisHour: number;
            /** @description Price of the detections of today (UTC) in US dollars. */
            usdToday: number;
            /** @description Cap of dollars in a day. */
            maxUsdPerDay: number;
        };
        /** @description A period in which a channel shows a label. */
        Appearance: {
            /** @description Id of the appearance. */
            id: string;
            /** @description The label, as the configuration spells it. */
            label: string;
            /**
             * @description `open`: the channel still shows the label.
             * @enum {string}
             */
            status: "open" | "closed";
            /** @description Time of the first frame with the label, ISO 8601. */
            start: string;
            /** @description Time of the first frame without the label, ISO 8601; null while the appearance is open. */
            end: string | null;
            /** @description Edges that are not exact to the frame, because frames beside them could not be decoded or detected, or were not searched: before a pause, or because detection was too far behind. Empty if all are exact. */
            inexactEdges: ("start" | "end")[];
            /** @description Highest confidence of its detections in percent. */
            confidence: number;
            /** @description URL of a frame of it; null without one. A signed URL expires after 12 to 13 hours. */
            imageUrl: string | null;
            /** @description Its clip; null while it has none. */
            clip: {
                /**
                 * @description Status of the clip's job. `accepted`: another system makes the clip; `refused`: it cannot be made; `retrying`: the request for it failed, and is repeated at `retryAt`.
                 * @enum {string}
                 */
                status: "Submitted" | "Progressing" | "Complete" | "Canceled" | "Error" | "accepted" | "refused" | "retrying";
                /** @description Id of the clip's job and video; null without a job. */
                jobId: string | null;
                /** @description Why there is no clip; null while it is made, and afterwards. */
                message: string | null;
                /** @description When a failed request for the clip is repeated, ISO 8601; null unless it is `retrying`. */
                retryAt: string | null;
                /** @description URL of the clip's poster; null until the clip is Complete. */
                posterUrl: string | null;
                /** @description What a player can open, the preferred one first; empty until the clip is Complete. */
                playables: components["schemas"]["Playable"][];
            } | null;
        };
        /** @description A clip of a time range. */
        RequestedClip: {
            /**
             * @description `created`: a new job makes the clip; `duplicate`: that of an earlier request; `accepted`: another system makes it.
             * @enum {string}
             */
            status: "created" | "duplicate" | "accepted";
            /** @description Id of the clip's job and video, to follow and to play it; null without a job. */
            jobId: string | null;
        };
        /** @description A time range of a channel. */
        ClipRequest: {
            /**
             * Format: date-time
             * @description Time of the first frame, ISO 8601.
             */
            from: string;
            /**
             * Format: date-time
             * @description Time of the first frame that does not belong to the clip, ISO 8601.
             */
            to: string;
        };
        /** @description A channel with what was found in it. */
        Highlights: {
            channel: components["schemas"]["Channel"];
            /** @description The first page of the appearances. */
            appearances: {
                /** @description Appearances, newest start first. */
                appearances: components["schemas"]["Appearance"][];
                /** @description Pass it as `cursor` to get the next page; null on the last page. */
                cursor: string | null;
            };
            /** @description The first page of the labels. */
            labels: {
                /** @description Labels, last seen first. A label that is seen again between two pages moves to the first page. */
                labels: components["schemas"]["Label"][];
                /** @description Pass it as `cursor` to get the next page; null on the last page. */
                cursor: string | null;
            };
            /** @description The first page of the celebrities. */
            celebrities: {
                /** @description Celebrities, last seen first. One that is seen again between two pages moves to the first page. */
                celebrities: components["schemas"]["Celebrity"][];
                /** @description Pass it as `cursor` to get the next page; null on the last page. */
                cursor: string | null;
            };
        };
        /** @description A label of a channel. */
        Label: {
            /** @description The label, as the detector spells it. */
            name: string;
            /** @description Number of frames that showed it. */
            count: number;
            /** @description Time of the first frame, ISO 8601. */
            firstSeenAt: string;
            /** @description Time of the newest frame, ISO 8601. */
            lastSeenAt: string;
            /** @description Highest confidence of its detections in percent. */
            confidence: number;
            /** @description URL of the newest frame; null without one. A signed URL expires after 12 to 13 hours. */
            imageUrl: string | null;
        };
        /** @description A celebrity of a channel. */
        Celebrity: {
            /** @description Id of the person at the detector. */
            id: string;
            /** @description Name of the person. */
            name: string;
            /** @description Pages about the person, as the detector knows them. */
            urls: string[];
            /** @description Number of frames that showed it. */
            count: number;
            /** @description Time of the first frame, ISO 8601. */
            firstSeenAt: string;
            /** @description Time of the newest frame, ISO 8601. */
            lastSeenAt: string;
            /** @description Highest confidence of its detections in percent. */
            confidence: number;
            /** @description URL of the newest frame; null without one. A signed URL expires after 12 to 13 hours. */
            imageUrl: string | null;
        };
        /** @description A page of the labels of a channel. */
        LabelList: {
            /** @description Labels, last seen first. A label that is seen again between two pages moves to the first page. */
            labels: components["schemas"]["Label"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            cursor: string | null;
        };
        /** @description A page of the celebrities of a channel. */
        CelebrityList: {
            /** @description Celebrities, last seen first. One that is seen again between two pages moves to the first page. */
            celebrities: components["schemas"]["Celebrity"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            cursor: string | null;
        };
        /** @description A page of the appearances of a channel. */
        AppearanceList: {
            /** @description Appearances, newest start first. */
            appearances: components["schemas"]["Appearance"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            cursor: string | null;
        };
        /** @description How to play a video. */
        Playback: {
            /** @description URL for the player: a manifest with `hls` and `dash`, else the file. */
            url: string;
            /**
             * @description `hls`, `dash`: a ladder, whose files need the cookies of this response; `file`: one file, whose URL is signed.
             * @enum {string}
             */
            kind: "hls" | "dash" | "file";
            /** @description Media type of what the URL returns. */
            contentType: string;
            /** @description Name of the upload, without folders and extension. */
            title: string;
            /** @description URL of the poster; null without one. */
            poster: string | null;
            /** @description URL of a WebVTT file with the images of a seek bar: each cue is a time of the video and names a part of the sprite sheet beside the file. Null without images. */
            storyboard: string | null;
            /** @description When URLs and cookies expire, ISO 8601. */
            expiresAt: string;
        };
        /** @description A link by which everybody can play one video. */
        Share: {
            /** @description The link. Everybody who has it can play the video. */
            url: string;
            /** @description When the link expires, ISO 8601. */
            expiresAt: string;
        };
        /** @description How to share a video. */
        CreateShareRequest: {
            /** @description Validity of the link, seconds. */
            expiresInSeconds: number;
        };
        /** @description How to play a shared video. */
        SharedPlayback: {
            /** @description URL for the player: a manifest with `hls` and `dash`, else the file. */
            url: string;
            /**
             * @description `hls`, `dash`: a ladder, whose files need the cookies of this response; `file`: one file, whose URL is signed.
             * @enum {string}
             */
            kind: "hls" | "dash" | "file";
            /** @description Media type of what the URL returns. */
            contentType: string;
            /** @description Name of the upload, without folders and extension. */
            title: string;
            /** @description URL of the poster; null without one. */
            poster: string | null;
            /** @description URL of a WebVTT file with the images of a seek bar: each cue is a time of the video and names a part of the sprite sheet beside the file. Null without images. */
            storyboard: string | null;
            /** @description When URLs and cookies expire, ISO 8601. */
            expiresAt: string;
            /** @description When the link expires, ISO 8601. */
            linkExpiresAt: string;
        };
        /** @description Who the caller is. */
        Session: {
            /** @description Name of the user or of the token. */
            name: string;
            /**
             * @description What the caller may do: `read`, or `write` as well.
             * @enum {string}
             */
            scope: "read" | "write";
            /** @description Whether the caller sees and changes everything; otherwise only what belongs to the user. */
            isOperator: boolean;
        };
        /** @description Name and password of a user. */
        Credentials: {
            /** @description Name of the user. */
            name: string;
            /** @description Password of the user. */
            password: string;
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
    listJobs: {
        parameters: {
            query?: {
                /** @description Only jobs with this status. */
                status?: "Submitted" | "Progressing" | "Complete" | "Canceled" | "Error";
                /** @description Only jobs of the route with this name. */
                route?: string;
                /** @description Only jobs of the upload with exactly this key. The job of a completed upload appears within seconds. */
                key?: string;
                /** @description Only jobs that failed with this error code. */
                errorCode?: number;
                /** @description Only jobs created at this time or later, ISO 8601 with a time zone. */
                createdFrom?: string;
                /** @description Only jobs created before this time, ISO 8601 with a time zone. */
                createdBefore?: string;
                /** @description Maximum number of jobs in the page. */
                limit?: number;
                /** @description Cursor of the previous page. */
                cursor?: string;
                /** @description Seconds to wait for a change while `If-None-Match` names the current page. One machine only. */
                wait?: number;
            };
            header?: {
                /** @description ETag of an earlier response. If the document is unchanged, the response is 304 without a body. */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the jobs. */
            200: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobList"];
                };
            };
            /** @description The document is unchanged since `If-None-Match`. */
            304: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests wait for a change (`/problems/too-many-waiting-requests`). */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an earlier response. If the document is unchanged, the response is 304 without a body. */
                "if-none-match"?: string;
            };
            path: {
                /** @description Id of the job. On one machine, a unique prefix of at least four characters is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job. */
            200: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetails"];
                };
            };
            /** @description The document is unchanged since `If-None-Match`. */
            304: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The job does not exist (`/problems/job-not-found`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Several jobs have an id that begins like this (`/problems/ambiguous-job-id`). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the job. On one machine, a unique prefix of at least four characters is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The canceled job. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetails"];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token does not allow the operation (`/problems/insufficient-scope`); or Pages of this origin may not call the server (`/problems/forbidden-origin`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The job does not exist (`/problems/job-not-found`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Several jobs have an id that begins like this (`/problems/ambiguous-job-id`); or The state of the job does not allow the operation (`/problems/job-state-conflict`). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request body is too large (`/problems/body-too-large`). */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the job. On one machine, a unique prefix of at least four characters is enough. */
                id: string;
            };
            cookie?: never;
        };
        /** @description Options of the retry. */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RetryRequest"];
            };
        };
        responses: {
            /** @description The retried job. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetails"];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token does not allow the operation (`/problems/insufficient-scope`); or Pages of this origin may not call the server (`/problems/forbidden-origin`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The job does not exist (`/problems/job-not-found`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Several jobs have an id that begins like this (`/problems/ambiguous-job-id`); or The state of the job does not allow the operation (`/problems/job-state-conflict`). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request body is too large (`/problems/body-too-large`). */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request body has an unsupported type (`/problems/unsupported-media-type`). */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    streamJobEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the last event that the client received. If the job has ended since, without a change, the response is 204, which stops an EventSource. */
                "last-event-id"?: string;
            };
            path: {
                /** @description Id of the job. On one machine, a unique prefix of at least four characters is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The job has ended, and the client has its last event. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The job does not exist (`/problems/job-not-found`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Several jobs have an id that begins like this (`/problems/ambiguous-job-id`). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests wait for a change (`/problems/too-many-waiting-requests`). */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getJobCost: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the job. On one machine, a unique prefix of at least four characters is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The cost. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobCost"];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The job does not exist (`/problems/job-not-found`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Several jobs have an id that begins like this (`/problems/ambiguous-job-id`). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRoutes: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an earlier response. If the document is unchanged, the response is 304 without a body. */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The routes. */
            200: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RouteList"];
                };
            };
            /** @description The document is unchanged since `If-None-Match`. */
            304: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    requestResponseUpload: {
        parameters: {
            query: {
                /** @description E-mail address of the person who responds. Upper and lower case are equal. */
                mail: string;
                /** @description Type of the video, by extension. */
                type?: "webm" | "mp4" | "mov";
                /** @description Whether to replace a response that exists. Not necessary if its job ended as Error or Canceled. */
                replace?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Name of the project: letters, digits and `_`. */
                project: string;
                /** @description Name of the step: letters, digits, `_` and `-`. */
                step: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The signed form. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResponseUpload"];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token does not allow the operation (`/problems/insufficient-scope`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The response exists (`/problems/response-exists`). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The client has sent too many requests (`/problems/too-many-requests`). */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full (`/problems/disk-full`). */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signUpload: {
        parameters: {
            query: {
                /** @description Name of the file. The key is metadata `prefix` followed by this name. */
                filename: string;
                /** @description Media type of the file. */
                type: string;
                /** @description User metadata, 2 KB in total. `prefix` is the beginning of the key. `name`, `type` and `relativePath`, which Uppy adds, are ignored. Each entry is a parameter `metadata[NAME]`. */
                metadata?: {
                    [key: string]: string;
                };
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The signed request. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedUpload"];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token does not allow the operation (`/problems/insufficient-scope`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full (`/problems/disk-full`). */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createUpload: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The file. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateUploadRequest"];
            };
        };
        responses: {
            /** @description The upload. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedUpload"];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token does not allow the operation (`/problems/insufficient-scope`); or Pages of this origin may not call the server (`/problems/forbidden-origin`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request body is too large (`/problems/body-too-large`). */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request body has an unsupported type (`/problems/unsupported-media-type`). */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full (`/problems/disk-full`). */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signUploadPart: {
        parameters: {
            query: {
                /** @description Key of the upload. */
                key: string;
            };
            header?: never;
            path: {
                /** @description Id of the upload. */
                uploadId: string;
                /** @description Number of the part. */
                partNumber: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The URL. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedPart"];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token does not allow the operation (`/problems/insufficient-scope`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The upload does not exist (`/problems/upload-not-found`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full (`/problems/disk-full`). */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUploadParts: {
        parameters: {
            query: {
                /** @description Key of the upload. */
                key: string;
            };
            header?: never;
            path: {
                /** @description Id of the upload. */
                uploadId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The parts. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadedPart"][];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The upload does not exist (`/problems/upload-not-found`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    abortUpload: {
        parameters: {
            query: {
                /** @description Key of the upload. */
                key: string;
            };
            header?: never;
            path: {
                /** @description Id of the upload. */
                uploadId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The upload is removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token does not allow the operation (`/problems/insufficient-scope`); or Pages of this origin may not call the server (`/problems/forbidden-origin`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The upload does not exist (`/problems/upload-not-found`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    completeUpload: {
        parameters: {
            query: {
                /** @description Key of the upload. */
                key: string;
            };
            header?: never;
            path: {
                /** @description Id of the upload. */
                uploadId: string;
            };
            cookie?: never;
        };
        /** @description The parts. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["CompleteUploadRequest"];
            };
        };
        responses: {
            /** @description The object. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CompletedUpload"];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`); or The parts do not make an object (`/problems/invalid-parts`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token does not allow the operation (`/problems/insufficient-scope`); or Pages of this origin may not call the server (`/problems/forbidden-origin`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The upload does not exist (`/problems/upload-not-found`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request body is too large (`/problems/body-too-large`). */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request body has an unsupported type (`/problems/unsupported-media-type`). */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full (`/problems/disk-full`). */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listVideos: {
        parameters: {
            query?: {
                /** @description Only videos with this status. */
                status?: "Submitted" | "Progressing" | "Complete" | "Canceled" | "Error";
                /** @description Only videos of the route with this name. */
                route?: string;
                /** @description Only videos of this engine. */
                engine?: "elastic-transcoder" | "ffmpeg";
                /** @description Part of the key, ignoring case. */
                q?: string;
                /** @description Only videos that this person sent as a response. */
                mail?: string;
                /** @description Only videos that are responses to this project. */
                project?: string;
                /** @description Only videos that are responses to this step. Requires `project` or `mail`. */
                step?: string;
                /** @description Maximum number of videos in the page. */
                limit?: number;
                /** @description Cursor of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description ETag of an earlier response. If the document is unchanged, the response is 304 without a body. */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the videos. */
            200: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VideoList"];
                };
            };
            /** @description The document is unchanged since `If-None-Match`. */
            304: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getVideo: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an earlier response. If the document is unchanged, the response is 304 without a body. */
                "if-none-match"?: string;
            };
            path: {
                /** @description Id of the video. On one machine, a unique prefix of at least four characters is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The video. */
            200: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Video"];
                };
            };
            /** @description The document is unchanged since `If-None-Match`. */
            304: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The video does not exist (`/problems/video-not-found`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Several jobs have an id that begins like this (`/problems/ambiguous-job-id`). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteVideo: {
        parameters: {
            query?: {
                /** @description Token of the problem `confirmation-required`, valid for 15 minutes. */
                confirmation?: string;
            };
            header?: never;
            path: {
                /** @description Id of the video. On one machine, a unique prefix of at least four characters is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The video is deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token does not allow the operation (`/problems/insufficient-scope`); or Pages of this origin may not call the server (`/problems/forbidden-origin`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The video does not exist (`/problems/video-not-found`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Several jobs have an id that begins like this (`/problems/ambiguous-job-id`); or The deletion must be confirmed (`/problems/confirmation-required`); or The state of the job does not allow the operation (`/problems/job-state-conflict`). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listVideoOutputs: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an earlier response. If the document is unchanged, the response is 304 without a body. */
                "if-none-match"?: string;
            };
            path: {
                /** @description Id of the video. On one machine, a unique prefix of at least four characters is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The outputs. */
            200: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VideoOutputList"];
                };
            };
            /** @description The document is unchanged since `If-None-Match`. */
            304: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The video does not exist (`/problems/video-not-found`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Several jobs have an id that begins like this (`/problems/ambiguous-job-id`); or The state of the job does not allow the operation (`/problems/job-state-conflict`). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Outputs cannot be played (`/problems/playback-unavailable`). */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getVideoSource: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the video. On one machine, a unique prefix of at least four characters is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The upload. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VideoSource"];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The video does not exist (`/problems/video-not-found`); or The object does not exist (`/problems/object-not-found`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Several jobs have an id that begins like this (`/problems/ambiguous-job-id`). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listChannels: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an earlier response. If the document is unchanged, the response is 304 without a body. */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The channels. */
            200: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelList"];
                };
            };
            /** @description The document is unchanged since `If-None-Match`. */
            304: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getChannel: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an earlier response. If the document is unchanged, the response is 304 without a body. */
                "if-none-match"?: string;
            };
            path: {
                /** @description Name of the channel. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The channel. */
            200: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
            /** @description The document is unchanged since `If-None-Match`. */
            304: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The channel does not exist (`/problems/channel-not-found`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseChannel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the channel. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The paused channel. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token does not allow the operation (`/problems/insufficient-scope`); or Pages of this origin may not call the server (`/problems/forbidden-origin`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The channel does not exist (`/problems/channel-not-found`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The channels are not deployed yet (`/problems/channels-unavailable`). */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeChannel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the channel. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The resumed channel. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token does not allow the operation (`/problems/insufficient-scope`); or Pages of this origin may not call the server (`/problems/forbidden-origin`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The channel does not exist (`/problems/channel-not-found`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The channels are not deployed yet (`/problems/channels-unavailable`). */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    streamChannelEvents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the channel. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The channel does not exist (`/problems/channel-not-found`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests wait for a change (`/problems/too-many-waiting-requests`). */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createClip: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the channel. */
                name: string;
            };
            cookie?: never;
        };
        /** @description The time range. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClipRequest"];
            };
        };
        responses: {
            /** @description The clip. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequestedClip"];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token does not allow the operation (`/problems/insufficient-scope`); or Pages of this origin may not call the server (`/problems/forbidden-origin`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The channel does not exist (`/problems/channel-not-found`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The clip cannot be made (`/problems/clip-refused`). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request body is too large (`/problems/body-too-large`). */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request body has an unsupported type (`/problems/unsupported-media-type`). */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The client has sent too many requests (`/problems/too-many-requests`). */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The channels are not deployed yet (`/problems/channels-unavailable`). */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getHighlights: {
        parameters: {
            query?: {
                /** @description Maximum number of appearances. */
                limit?: number;
                /** @description Only appearances of this label. Case and surrounding white space are ignored. */
                label?: string;
            };
            header?: {
                /** @description ETag of an earlier response. If the document is unchanged, the response is 304 without a body. */
                "if-none-match"?: string;
            };
            path: {
                /** @description Name of the channel. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The channel with what was found in it. */
            200: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Highlights"];
                };
            };
            /** @description The document is unchanged since `If-None-Match`. */
            304: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The channel does not exist (`/problems/channel-not-found`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listLabels: {
        parameters: {
            query?: {
                /** @description Maximum number of entries in the page. */
                limit?: number;
                /** @description Cursor of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description ETag of an earlier response. If the document is unchanged, the response is 304 without a body. */
                "if-none-match"?: string;
            };
            path: {
                /** @description Name of the channel. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the labels. */
            200: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LabelList"];
                };
            };
            /** @description The document is unchanged since `If-None-Match`. */
            304: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The channel does not exist (`/problems/channel-not-found`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The channels are not deployed yet (`/problems/channels-unavailable`). */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCelebrities: {
        parameters: {
            query?: {
                /** @description Maximum number of entries in the page. */
                limit?: number;
                /** @description Cursor of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description ETag of an earlier response. If the document is unchanged, the response is 304 without a body. */
                "if-none-match"?: string;
            };
            path: {
                /** @description Name of the channel. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the celebrities. */
            200: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CelebrityList"];
                };
            };
            /** @description The document is unchanged since `If-None-Match`. */
            304: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The channel does not exist (`/problems/channel-not-found`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The channels are not deployed yet (`/problems/channels-unavailable`). */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAppearances: {
        parameters: {
            query?: {
                /** @description Maximum number of entries in the page. */
                limit?: number;
                /** @description Cursor of the previous page. */
                cursor?: string;
                /** @description Only appearances of this label. Case and surrounding white space are ignored. */
                label?: string;
            };
            header?: {
                /** @description ETag of an earlier response. If the document is unchanged, the response is 304 without a body. */
                "if-none-match"?: string;
            };
            path: {
                /** @description Name of the channel. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the appearances. */
            200: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppearanceList"];
                };
            };
            /** @description The document is unchanged since `If-None-Match`. */
            304: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The channel does not exist (`/problems/channel-not-found`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The channels are not deployed yet (`/problems/channels-unavailable`). */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    playVideo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the video, or its beginning. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How to play the video. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Playback"];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token does not allow the operation (`/problems/insufficient-scope`); or Pages of this origin may not call the server (`/problems/forbidden-origin`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The video does not exist (`/problems/video-not-found`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Several jobs have an id that begins like this (`/problems/ambiguous-job-id`); or The state of the job does not allow the operation (`/problems/job-state-conflict`). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Outputs cannot be played (`/problems/playback-unavailable`). */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    shareVideo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the video, or its beginning. */
                id: string;
            };
            cookie?: never;
        };
        /** @description The share. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateShareRequest"];
            };
        };
        responses: {
            /** @description The link. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Share"];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token does not allow the operation (`/problems/insufficient-scope`); or Pages of this origin may not call the server (`/problems/forbidden-origin`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The video does not exist (`/problems/video-not-found`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Several jobs have an id that begins like this (`/problems/ambiguous-job-id`); or The state of the job does not allow the operation (`/problems/job-state-conflict`). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request body is too large (`/problems/body-too-large`). */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request body has an unsupported type (`/problems/unsupported-media-type`). */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    openShare: {
        parameters: {
            query?: {
                /** @description Time at which the page starts the video, e.g. `83` or `1m23s`; for browsers alone. */
                t?: string;
            };
            header?: never;
            path: {
                /** @description Token of the link. */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How to play the video. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SharedPlayback"];
                };
            };
            /** @description A browser is redirected to the page of the video. */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL was not signed by this server (`/problems/invalid-signature`); or The URL has expired (`/problems/expired-url`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The video does not exist (`/problems/video-not-found`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Several jobs have an id that begins like this (`/problems/ambiguous-job-id`); or The state of the job does not allow the operation (`/problems/job-state-conflict`). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Outputs cannot be played (`/problems/playback-unavailable`). */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The request is not authenticated (`/problems/authentication-required`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description The user is signed in. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The request is not valid (`/problems/invalid-request`). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The name or the password is wrong (`/problems/invalid-credentials`). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pages of this origin may not call the server (`/problems/forbidden-origin`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request body is too large (`/problems/body-too-large`). */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request body has an unsupported type (`/problems/unsupported-media-type`). */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There were too many attempts to sign in (`/problems/too-many-sign-in-attempts`). */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The cookie is removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Pages of this origin may not call the server (`/problems/forbidden-origin`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOpenApiDocument: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an earlier response. If the document is unchanged, the response is 304 without a body. */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The OpenAPI document. */
            200: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Version of OpenAPI. */
                        openapi: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description The document is unchanged since `If-None-Match`. */
            304: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReference: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an earlier response. If the document is unchanged, the response is 304 without a body. */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description The document is unchanged since `If-None-Match`. */
            304: {
                headers: {
                    /** @description Changes whenever the document does. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request failed (`/problems/internal-error`). */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}

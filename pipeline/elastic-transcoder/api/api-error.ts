/** The API's error types and their HTTP status (API reference, each operation's errors). */
const httpStatuses = {
  ValidationException: 400,
  IncompatibleVersionException: 400,
  AccessDeniedException: 403,
  MissingAuthenticationTokenException: 403,
  IncompleteSignatureException: 403,
  InvalidSignatureException: 403,
  UnrecognizedClientException: 403,
  ResourceNotFoundException: 404,
  UnknownOperationException: 404,
  ResourceInUseException: 409,
  RequestEntityTooLargeException: 413,
  LimitExceededException: 429,
  InternalServiceException: 500,
} as const;
export type ApiErrorType = keyof typeof httpStatuses;

/** An error response of the transcoder API: header `x-amzn-ErrorType`, body `{"message"}`. */
export class ApiError extends Error {
  readonly type: ApiErrorType;
  readonly status: (typeof httpStatuses)[ApiErrorType];

  constructor(type: ApiErrorType, message: string) {
    super(message);
    this.name = type;
    this.type = type;
    this.status = httpStatuses[type];
  }
}

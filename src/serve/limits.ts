/** Everything the server keeps within bounds, in one place. */
export const limits = {
  /** of a request's line and headers */
  headerBytes: 8 * 1024,
  urlBytes: 2048,
  /** of a request's body; the only requests with one have nothing to say in it */
  bodyBytes: 1024,
  connections: 640,
  /** a request has to be there in full by then */
  requestMs: 10_000,
  /** a connection without a request is closed by then */
  idleMs: 15_000,
  eventClients: 256,
  /** what one client of the events may leave unread, before it is dropped */
  unreadBytes: 1024 * 1024,
  /** how often clients of the events hear something even when nothing happens */
  heartbeatMs: 15_000,
  /** alerts that are sent to a client that comes back; one that missed more is told to read anew */
  caughtUp: 1000,
  /** of these so many at a time */
  handful: 100,
  /** of one page of alerts */
  pageLength: 500,
  /** requests of one address: so many at once, and so many a second from then on */
  burst: 400,
  perSecond: 50,
  /** addresses whose requests are counted */
  addresses: 4096,
  /** how long a monitor may take to pause or to go on */
  controlMs: 10_000,
  /** how long requests under way are waited for at the end */
  endMs: 2000,
} as const

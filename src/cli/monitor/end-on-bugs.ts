/**
 * Ends this process with 5 on an error that nobody catches, until a watch listens for such errors
 * itself: of one Node makes 1, which here says that the server has failed.
 */
export function endOnBugs(): void {
  process.on('uncaughtException', (error) => {
    console.error(error)
    process.exit(5)
  })
}

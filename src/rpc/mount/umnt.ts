import type { Procedure } from '../procedure.ts'

/** MOUNTPROC3_UMNT (RFC 1813 5.2.3): takes this host off the directory's mount list. */
export const umnt: Readonly<Procedure<string, void>> = {
  number: 3,
  encode: (writer, directory) => {
    writer.text(directory)
  },
  decode: () => {},
}

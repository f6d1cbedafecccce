import t from 'tap'
import { skipOutsideLab } from '../../helpers/lab.ts'
import { runGaneshaMatrix } from '../../helpers/matrix/ganesha.ts'

t.setTimeout(1_200_000)

t.test(
  'NFSv4.1 says of every fault at every phase what it should',
  { skip: skipOutsideLab() },
  (t) =>
    runGaneshaMatrix(t, {
      name: 'NFSv4.1',
      version: '4.1',
      roundTrips: 8,
      phases: {
        share: [undefined, 0, 1, 2, 3, 4, 5, undefined, 6, 7],
        read: [undefined, 0, 1, 2, 3, 4, 5, 6, 7, 8],
      },
      writePhases: [undefined, 6, 7, 8, 9, 10, 11, 12, 13, 14],
    }),
)

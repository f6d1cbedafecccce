import t from 'tap'
import { skipOutsideLab } from '../../helpers/lab.ts'
import { runGaneshaMatrix } from '../../helpers/matrix/ganesha.ts'

t.setTimeout(1_200_000)

t.test(
  'NFSv4.0 says of every fault at every phase what it should',
  { skip: skipOutsideLab() },
  (t) =>
    runGaneshaMatrix(t, {
      name: 'NFSv4.0',
      version: '4.0',
      roundTrips: 5,
      phases: {
        share: [undefined, 0, 1, 2, 3],
        read: [undefined, 0, 1, 2, 3, 4],
      },
      writePhases: [undefined, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    }),
)

import t from 'tap'
import {
  bytesToRead,
  expectAllTaken,
  expectSame,
  sampleData,
  SampleError,
} from '../../src/probe/nfs-sample.ts'

t.test('what is written fits into one read, and is never the same twice', async (t) => {
  t.ok(sampleData().length <= bytesToRead)
  t.notSame(sampleData(), sampleData())
})

t.test('only the same bytes back are good', async (t) => {
  expectSame(Buffer.from('abc'), Buffer.from('abc'))
  t.throws(() => expectSame(Buffer.from('abc'), Buffer.from('abd')), SampleError)
  t.throws(() => expectSame(Buffer.from('abc'), Buffer.from('abcd')), SampleError)
})

t.test('only a write of everything is good', async (t) => {
  expectAllTaken(Buffer.from('abc'), 3)
  t.throws(() => expectAllTaken(Buffer.from('abc'), 2), {
    message: 'nfs error(data read differs from data written)',
  })
})

const { weave } = require('../lib')

test('weaves', () => expect(weave(['a'], 2)).toEqual(['aa']))

import { burn } from '../src/kiln'

test('burns', () => expect(burn([])).toEqual([]))

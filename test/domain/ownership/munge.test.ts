import { describe, expect, it } from 'vitest';
import { mungePath } from '../../../shared/domain/ownership/munge.ts';

describe('the path that a platform hides', () => {
  const none = { filename: null, absPath: null, module: null, package: null };
  it.each<[string, string | null, Partial<typeof none> | Record<string, string>, string | null]>([
    [
      'Java: directories of the module, name of the file',
      'java',
      { module: 'io.acme.shop.Cart', absPath: 'Cart.java' },
      'io/acme/shop/Cart.java',
    ],
    [
      'Java: an inner class is in the file of the outer one',
      'java',
      { module: 'io.acme.Cart$Line', absPath: 'Cart.java' },
      'io/acme/Cart.java',
    ],
    [
      'Java: without an absolute path the file name stands in',
      'java',
      { module: 'io.acme.Cart', filename: 'Cart.java' },
      'io/acme/Cart.java',
    ],
    [
      'Java: a source that is no file gives way to the class',
      'java',
      { module: 'io.acme.Cart$1', absPath: 'Unknown Source' },
      'io/acme/Cart',
    ],
    [
      'Java: a module without a package',
      'java',
      { module: 'Cart', absPath: 'Cart.java' },
      'Cart.java',
    ],
    ['Java: no module', 'java', { absPath: 'Cart.java' }, null],
    [
      'Kotlin on Android is Java-like',
      'android',
      { module: 'io.acme.A', absPath: 'A.kt' },
      'io/acme/A.kt',
    ],
    [
      'Cocoa: from the directory of the package on',
      'cocoa',
      { package: '/private/var/Shop.app/Shop', absPath: '/Users/ci/work/Shop/Cart/View.swift' },
      'Shop/Cart/View.swift',
    ],
    [
      'Cocoa: the first of several such directories',
      'cocoa',
      { package: 'Shop', absPath: '/ci/Shop/Shop/View.swift' },
      'Shop/Shop/View.swift',
    ],
    ['Cocoa: another package', 'cocoa', { package: 'Shop', absPath: '/ci/Cart/View.swift' }, null],
    ['Cocoa: no package', 'cocoa', { absPath: '/ci/Cart/View.swift' }, null],
    [
      'Flutter: the path within the package',
      'other',
      { package: 'shop', absPath: 'package:shop/src/cart.dart' },
      'src/cart.dart',
    ],
    ['Flutter: no package told', null, { absPath: 'package:shop/cart.dart' }, 'cart.dart'],
    [
      'Flutter: another package’s file',
      'other',
      { package: 'shop', absPath: 'package:flutter/widgets.dart' },
      null,
    ],
    ['Flutter: the platform’s own code', 'other', { absPath: 'dart:async/zone.dart' }, null],
    [
      'React Native: the path in the bundle',
      'javascript',
      { absPath: 'app:///src/cart.js' },
      'src/cart.js',
    ],
    ['React Native: the file name has it', 'javascript', { filename: 'app:///a.js' }, 'a.js'],
    ['Python hides nothing', 'python', { filename: 'a.py', module: 'a' }, null],
    ['javascript is not Java', 'javascript', { module: 'a.b', absPath: 'https://x/a.js' }, null],
  ])('%s', (_, platform, texts, path) => {
    expect(mungePath({ ...none, ...texts }, platform)).toBe(path);
  });
});

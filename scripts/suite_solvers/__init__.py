"""Solvers that read a suite as an agent does, to check the truths of its generator.

They were written apart from the generators and import nothing of them: they read the corpus, the
attachments and the words of the question.
"""

<?xml version="1.0" encoding="UTF-8"?>
<!-- Addresses. An address that comes from the document goes through "href", which lets pass a path of this
     site and the listed schemes only; every other URL attribute of a sheet begins with {$base}. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<!-- The attribute href of the open element; nothing for an address that is not allowed. -->
<xsl:template name="href">
	<xsl:param name="to"/>
	<xsl:choose>
		<xsl:when test="starts-with($to, '//') or starts-with($to, '/\')"/>
		<xsl:when test="starts-with($to, '/') or starts-with($to, 'https://') or starts-with($to, 'http://') or starts-with($to, 'mailto:')">
			<xsl:attribute name="href"><xsl:value-of select="$to"/></xsl:attribute>
		</xsl:when>
	</xsl:choose>
</xsl:template>

<!-- Previous and next, for lists. The context is the list. -->
<xsl:template name="pager">
	<xsl:for-each select="t:link[@rel = 'first']">
		<a class="button quiet" id="first"><xsl:call-template name="href"><xsl:with-param name="to" select="@href"/></xsl:call-template>First page</a>
	</xsl:for-each>
	<xsl:for-each select="t:link[@rel = 'previous']">
		<a class="button" id="previous" rel="prev"><xsl:call-template name="href"><xsl:with-param name="to" select="@href"/></xsl:call-template>Previous page</a>
	</xsl:for-each>
	<xsl:for-each select="t:link[@rel = 'next']">
		<a class="button" id="next" rel="next"><xsl:call-template name="href"><xsl:with-param name="to" select="@href"/></xsl:call-template>Next page</a>
	</xsl:for-each>
</xsl:template>
</xsl:stylesheet>
